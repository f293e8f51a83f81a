// The first ten minutes: the printed link, the set-up, the first lead, both phones.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { MARIA, PATIENCE, browser, open, setUp, visitor } from './house.mjs';

let chrome, house;
before(async () => ([chrome, house] = await Promise.all([browser(), open()])), { timeout: PATIENCE * 3 });
after(async () => {
  await house?.close();
  await chrome?.close();
});

test('from the printed link to the first lead, without loading a page by hand', async () => {
  const { context, page, complaints } = await visitor(chrome);

  await page.goto(house.url);
  await page.getByRole('heading', { name: 'Not set up yet.' }).waitFor();
  const slug = await setUp(page, house);
  await page.getByText('The first lead shows up here by itself.').waitFor();
  await page.getByText('Listening since').waitFor();
  const phones = await context.newPage();
  await phones.goto(`${house.url}/b/${slug}/phones`);
  await phones.getByText('Nothing on this page left the machine.').waitFor();
  const address = await phones.evaluate(() => performance.timeOrigin);
  const answer = await house.post(MARIA);

  assert.equal(answer.status, 'accepted');
  const waiting = page.locator('.wait li').filter({ hasText: 'Maria Lopez' });
  await waiting.getByRole('link', { name: 'Call Maria' }).waitFor();
  assert.equal(await waiting.getByRole('link', { name: 'Call Maria' }).getAttribute('href'), 'tel:+15125550142');
  await page.locator('.tabs .badge').filter({ hasText: '1' }).waitFor();
  assert.match(await page.locator('#say').textContent(), /Maria Lopez/);
  await phones.locator('.handset').filter({ hasText: 'Maria’s phone' }).getByText('Hi Maria, Harbor Plumbing').waitFor();
  await phones.locator('.handset').filter({ hasText: 'Dave’s phone' }).getByText('New lead: Maria Lopez').waitFor();
  await phones.locator('.inbox').getByText('Maria Lopez').first().waitFor();
  assert.equal(await phones.evaluate(() => performance.timeOrigin), address, 'the page was never loaded anew');
  assert.deepEqual(complaints, []);
  await context.close();
});

test('the same delivery again shows nothing twice', async () => {
  const { page, context } = await visitor(chrome);

  const answer = await house.post(MARIA);
  await page.goto(`${house.url}/login`);
  await page.getByLabel('Email').fill('dave@harbor.example');
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/today');

  assert.equal(answer.status, 'duplicate');
  assert.equal(await page.locator('.wait li').count(), 1);
  await context.close();
});

test('what comes while a page is still opening its line shows up as well', async () => {
  const { page, context } = await visitor(chrome);
  await page.goto(`${house.url}/login`);
  await page.getByLabel('Email').fill('dave@harbor.example');
  await page.getByLabel('Password').fill('correct horse battery');
  let open;
  const held = new Promise(asked => page.route('**/events?*', async route => {
    await new Promise(go => ((open = go), asked()));
    await route.continue();
  }));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await held;

  await house.post({ name: 'Ruth Adler', phone: '(512) 555-0119' });
  assert.equal(await page.getByText('Ruth Adler').count(), 0);
  open();

  await page.locator('.wait').getByText('Ruth Adler').waitFor();
  await context.close();
});

test('a set-up link works once', async () => {
  const { page, context } = await visitor(chrome);

  const answer = await page.goto(house.setup);

  assert.equal(answer.status(), 410);
  await page.getByRole('heading', { name: 'This link does not work any more.' }).waitFor();
  await context.close();
});
