// Draws the pictures of the README from the made-up shop: node pictures.mjs. They go to docs/pictures/.

import { mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MARIA, browser, open, visitor } from './house.mjs';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'docs', 'pictures');
mkdirSync(folder, { recursive: true });

const chrome = await browser();
const demo = await open('demo');
try {
  const { page } = await visitor(chrome);
  const shoot = async (name, { width, height, clip }) => {
    const path = join(folder, name);
    await page.setViewportSize({ width, height });
    await page.screenshot({ path, clip, scale: 'css' });
    console.log(`${name}: ${Math.ceil(statSync(path).size / 1000)} kB`);
  };
  await page.goto(demo.signIn);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/today');
  const shop = path => `${demo.url}/b/${new URL(page.url()).pathname.split('/')[2]}/${path}`;

  await shoot('today-phone.png', { width: 390, height: 844 });
  await shoot('today-desktop.png', { width: 1240, height: 720 });

  await page.goto(shop('leads?state=booked'));
  await page.locator('a.l').first().click();
  await page.getByText('What happened').waitFor();
  await shoot('lead.png', { width: 1240, height: 720 });

  await page.goto(shop('phones'));
  await demo.post({ ...MARIA, name: 'Nora Quist', phone: '(512) 555-0177', email: 'nora@example.com' });
  await page.locator('.handset').filter({ hasText: 'Dave’s phone' }).getByText('New lead: Nora Quist').waitFor();
  await page.locator('.handset').filter({ hasText: 'Nora’s phone' }).getByText('Hi Nora').waitFor();
  await page.setViewportSize({ width: 1000, height: 1400 });
  const boxes = await Promise.all([0, 1].map(n => page.locator('.handset').nth(n).boundingBox()));
  const [x, y] = [Math.min(...boxes.map(b => b.x)), Math.min(...boxes.map(b => b.y))];
  const [right, bottom] = [Math.max(...boxes.map(b => b.x + b.width)), Math.max(...boxes.map(b => b.y + b.height))];
  const clip = { x: x - 12, y: y - 2, width: right - x + 24, height: bottom - y + 14 };
  await shoot('phones.png', { width: 1000, height: 1400, clip });
} finally {
  await demo.close();
  await chrome.close();
}
