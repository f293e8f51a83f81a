// The same with JavaScript off: everything works by plain links and forms.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { MARIA, PATIENCE, browser, open, setUp, visitor } from './house.mjs';

let chrome, house, slug;
before(async () => ([chrome, house] = await Promise.all([browser(), open()])), { timeout: PATIENCE * 3 });
after(async () => {
  await house?.close();
  await chrome?.close();
});

test('set-up names each mistake, keeps what was typed, and then opens the shop', async () => {
  const { page, context } = await visitor(chrome, { script: false });

  await page.goto(house.setup);
  await page.locator('#business').fill('Harbor Plumbing');
  await page.locator('#mobile').fill('12');
  await page.getByRole('button', { name: 'Open the shop' }).click();
  const mistakes = await page.locator('#wrong li').allInnerTexts();
  assert.ok(mistakes.length >= 4, mistakes.join(' '));
  assert.equal(await page.locator('#business').inputValue(), 'Harbor Plumbing');
  slug = await setUp(page, house);

  await page.getByText('The first lead shows up here by itself.').waitFor();
  await context.close();
});

test('signing in, taking a lead, saying "I called", the outcome, and opening it again', async () => {
  const { page, context, complaints } = await visitor(chrome, { script: false });
  await house.post(MARIA);

  await page.goto(`${house.url}/b/${slug}/today`);
  assert.equal(new URL(page.url()).pathname, '/login');
  await page.getByLabel('Email').fill('dave@harbor.example');
  await page.getByLabel('Password').fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/today');

  await page.getByRole('button', { name: 'I’ve got it: Maria Lopez' }).click();
  await page.getByText('It is yours. They expect your call.').waitFor();
  await page.getByText('Dave has it since').waitFor();
  await page.getByRole('button', { name: 'I called' }).click();
  await page.getByRole('status').getByText('Noted.').waitFor();
  await page.getByLabel('Booked').check();
  await page.getByRole('button', { name: 'Save outcome' }).click();
  await page.getByRole('status').getByText('Saved: Booked.').waitFor();
  await page.getByRole('button', { name: 'Open it again' }).click();
  await page.getByRole('status').getByText('Open again.').waitFor();
  await page.getByLabel('Text Maria').fill('On my way.');
  await page.getByRole('button', { name: 'Send the text' }).click();
  await page.getByRole('status').getByText('Your text is queued.').waitFor();

  assert.deepEqual(complaints.filter(words => !words.includes('401')), []);
  await context.close();
});

test('searching, filtering and leafing', async () => {
  const { page, context } = await visitor(chrome, { script: false });
  for (const [name, phone] of [['Tom Becker', '(512) 555-0143'], ['Priya Nair', '(512) 555-0144']]) {
    await house.post({ name, phone, message: `A wish of ${name}` });
  }
  await page.goto(`${house.url}/login`);
  await page.getByLabel('Email').fill('dave@harbor.example');
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Sign in' }).click();
  const names = () => page.locator('.leads .nm').allInnerTexts();

  await page.getByRole('link', { name: 'Leads', exact: true }).filter({ visible: true }).click();
  assert.deepEqual((await names()).sort(), ['Maria Lopez', 'Priya Nair', 'Tom Becker']);
  await page.getByRole('searchbox').fill('becker');
  await page.getByRole('button', { name: 'Search' }).click();
  assert.deepEqual(await names(), ['Tom Becker']);
  await page.getByText('Matching “becker”.').waitFor();
  await page.getByRole('link', { name: 'Show all' }).click();
  await page.getByRole('navigation', { name: 'Filter' }).getByRole('link', { name: /^Waiting/ }).click();
  assert.deepEqual((await names()).sort(), ['Priya Nair', 'Tom Becker']);
  await page.getByRole('navigation', { name: 'Filter' }).getByRole('link', { name: /^Answered/ }).click();
  assert.deepEqual(await names(), ['Maria Lopez']);
  await context.close();
});

test('a form in a page ends on a thank-you, and the owner sees what came byte for byte', async () => {
  const { page, context } = await visitor(chrome, { script: false });
  await page.setContent(
    `<form action="${house.address}" method="post"><input name="name" value="Ruth Adler"><input name="phone" value="512 555 0119"><button>Send</button></form>`,
  );
  await page.getByRole('button').click();
  await page.getByRole('heading', { name: 'Thank you. We have your message.' }).waitFor();
  await page.goto(`${house.url}/login`);
  await page.getByLabel('Email').fill('dave@harbor.example');
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Sign in' }).click();

  await page.goto(`${house.url}/b/${slug}/sources`);
  await page.getByRole('link', { name: 'Everything that came in' }).click();
  await page.locator('a.l').first().click();

  await page.getByText('It became a lead.').waitFor();
  assert.match(await page.locator('dl').first().innerText(), /Ruth Adler/);
  assert.equal(await page.locator('pre').innerText(), 'name=Ruth+Adler&phone=512+555+0119');
  await page.getByRole('link', { name: 'Open the lead' }).click();
  await page.getByRole('heading', { level: 1, name: 'Ruth Adler' }).waitFor();
  await context.close();
});
