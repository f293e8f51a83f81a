// The demo, and the link in an alert: by mouse, by keyboard, and for a second person.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { MARIA, PATIENCE, alertLink, browser, open, visitor } from './house.mjs';

let chrome, demo, dave;
before(
  async () => {
    [chrome, demo] = await Promise.all([browser(), open('demo')]);
    dave = await visitor(chrome);
  },
  { timeout: PATIENCE * 4 },
);
after(async () => {
  await demo?.close();
  await chrome?.close();
});

test('the demo opens by its link, and its button posts a real form to the real address', async () => {
  const { page, complaints } = dave;

  await page.goto(demo.signIn);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/today');
  demo.slug = new URL(page.url()).pathname.split('/')[2];
  await page.getByText('A person answers in').waitFor();
  await page.goto(`${demo.url}/b/${demo.slug}/phones`);
  const posted = page.waitForRequest(request => request.method() === 'POST');
  await page.getByLabel('Name').fill('Nora Quist');
  await page.getByLabel('Phone').fill('(512) 555-0177');
  await page.getByRole('textbox', { name: 'Email' }).fill('nora@example.com');
  await page.getByRole('button', { name: 'Send', exact: true }).click();

  assert.equal((await posted).url(), demo.address);
  await page.waitForURL('**/phones');
  await page.locator('.handset').filter({ hasText: 'Nora’s phone' }).getByText('Hi Nora').waitFor();
  await page.locator('.handset').filter({ hasText: 'Dave’s phone' }).getByText('New lead: Nora Quist').waitFor();
  assert.deepEqual(complaints, []);
});

/** Presses Tab until the element with these words has the focus. */
async function tabTo(page, words) {
  for (let n = 0; n < 30; n++) {
    await page.keyboard.press('Tab');
    const [text, ring] = await page.evaluate(() => {
      const e = document.activeElement;
      return [e.textContent.trim(), getComputedStyle(e).outlineStyle];
    });
    if (text === words) return assert.equal(ring, 'solid', `the focus on “${words}” is seen`);
  }
  assert.fail(`no “${words}” within thirty steps`);
}

test('with the keyboard alone: take the lead from the link, say "I called", say "Talked"', async () => {
  await demo.post(MARIA);
  const link = await alertLink(dave.page, demo, demo.slug, MARIA.name);
  const { page, complaints, context } = await visitor(chrome);

  await page.goto(link);
  await tabTo(page, 'I’ve got it');
  await page.keyboard.press('Enter');
  await page.getByText('Yours since').waitFor();
  await tabTo(page, 'I called');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Did you reach Maria?' }).waitFor();
  await tabTo(page, 'Talked');
  await page.keyboard.press('Space');

  await page.getByRole('status').getByText('You talked at').waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('opening the link changes nothing, and a tap on Call is written down as a tap', async () => {
  await demo.post({ ...MARIA, name: 'Tessa Roy', phone: '(512) 555-0188', email: 'tessa@example.com' });
  const link = await alertLink(dave.page, demo, demo.slug, 'Tessa Roy');
  const { page, complaints, context } = await visitor(chrome);

  await page.goto(link);
  await page.reload();
  await page.getByRole('button', { name: 'I’ve got it' }).waitFor();
  // The call itself would leave the page; what counts is what is written down.
  await page.evaluate(() => document.querySelector('a.call').addEventListener('click', e => e.preventDefault()));
  const told = page.waitForResponse(answer => answer.url().endsWith('/call'));
  await page.getByRole('link', { name: 'Call Tessa' }).click();
  assert.ok((await told).status() < 400);
  await page.reload();

  await page.getByRole('heading', { name: 'Did you reach Tessa?' }).waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});
