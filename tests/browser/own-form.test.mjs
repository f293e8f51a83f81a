// Our own form, as visitors and as its owner meet it: without script, in a frame of another page, as a copy, on a flyer;
// and a page that waits for the first submission of a new source.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { MARIA, PATIENCE, browser, findings, open, overflow, setUp, tooSmall, visitor } from './house.mjs';

let chrome, house, dave, slug;
before(
  async () => {
    [chrome, house] = await Promise.all([browser(), open()]);
    dave = await visitor(chrome, { width: 1360, judge: true });
    slug = await setUp(dave.page, house, 'Harbor Plumbing');
  },
  { timeout: PATIENCE * 3 },
);
after(async () => {
  await house?.close();
  await chrome?.close();
});

const form = (query = '') => `${house.url}/f/${slug}${query}`;

/** Types as a person does, which takes a person's time by the server's clock. */
async function type(place, { phone = MARIA.phone } = {}) {
  await place.getByLabel('Your name').fill(MARIA.name);
  await place.getByLabel('Phone').fill(phone);
  await place.getByLabel('What do you need?').pressSequentially('Kitchen tap leaking, can you come?', { delay: 70 });
  await place.getByRole('checkbox').check();
}

test('without script: a mistake by its field, what was typed stays, then a thank-you and a lead', async () => {
  const { page, context, complaints } = await visitor(chrome, { script: false });
  await page.goto(form());
  await type(page, { phone: '12' });
  await page.getByRole('button', { name: 'Send' }).click();

  await page.getByRole('link', { name: 'That number cannot be called.' }).waitFor();
  assert.equal(await page.getByLabel('Your name').inputValue(), MARIA.name);
  assert.ok(await page.getByRole('checkbox').isChecked());
  await page.getByLabel('Phone').fill(MARIA.phone);
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('heading', { name: 'Thank you. We have your message.' }).waitFor();

  await dave.page.goto(`${house.url}/b/${slug}/leads`);
  await dave.page.getByRole('link', { name: MARIA.name }).first().waitFor();
  // The console names the status of the page with the mistake itself.
  assert.deepEqual(complaints.filter(words => !words.includes('422')), []);
  await context.close();
});

test('the page with a mistake: fit for everybody', async () => {
  const { page, context } = await visitor(chrome, { judge: true });
  await page.goto(form());
  await page.getByLabel('Your name').fill(MARIA.name);
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('link', { name: 'Leave a phone number or an email' }).waitFor();

  assert.equal(await page.evaluate(() => document.activeElement.id), 'wrong');
  for (const width of [320, 390, 1360]) {
    await page.setViewportSize({ width, height: 844 });
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const wrong = [...(await findings(page)), ...(await overflow(page)), ...(await tooSmall(page))];
      assert.deepEqual(wrong, [], `${width} px, ${colorScheme}`);
    }
  }
  await context.close();
});

test('a page of another site may frame the form for frames, and no other page of ours', async () => {
  const served = { frame: `<iframe src="${form('?embed=1')}" title="a"></iframe>`, page: `<iframe src="${form()}" title="a"></iframe>` };
  const other = createServer((asked, answer) => {
    answer.setHeader('content-type', 'text/html');
    answer.end(served[asked.url.slice(1)] ?? '');
  });
  await new Promise(ready => other.listen(0, '127.0.0.1', ready));
  const site = `http://127.0.0.1:${other.address().port}`;
  const { page, context } = await visitor(chrome);

  await page.goto(`${site}/frame`);
  const frame = page.frameLocator('iframe');
  await type(frame);
  await frame.getByRole('button', { name: 'Send' }).click();
  await frame.getByRole('heading', { name: 'Thank you. We have your message.' }).waitFor();
  await page.goto(`${site}/page`);
  await page.waitForLoadState();
  assert.equal(await page.frameLocator('iframe').getByLabel('Your name').count(), 0);
  await context.close();
  await new Promise(done => other.close(done));
});

test('the copy that the owner pastes works in any page', async () => {
  await dave.page.goto(`${house.url}/b/${slug}/form`);
  const copy = await dave.page.locator('#the-copy').innerText();
  const picture = dave.page.locator('img.qr');
  assert.ok(await picture.evaluate(img => img.complete && img.naturalWidth > 0), 'the code is drawn');
  const { page, context } = await visitor(chrome, { script: false });

  await page.setContent(copy);
  await page.getByLabel('Your name').fill('Ruth Adler');
  await page.getByLabel('Mobile').fill('512 555 0119');
  await page.getByRole('button', { name: 'Send' }).click();

  await page.getByRole('heading', { name: 'Thank you. We have your message.' }).waitFor();
  await context.close();
});

test('a new source waits for its first submission, and the page changes by itself', async () => {
  const { page } = dave;
  await page.goto(`${house.url}/b/${slug}/sources`);
  await page.getByRole('link', { name: 'Connect a source' }).click();
  await page.getByRole('link', { name: /^Wix/ }).click();
  await page.getByRole('button', { name: 'Make its address' }).click();
  await page.getByText('Waiting for your first submission…').waitFor();
  await page.waitForFunction(() => document.documentElement.classList.contains('js'));
  const address = await page.locator('#the-address').innerText();

  await fetch(address, { method: 'POST', body: new URLSearchParams({ name: 'Tom Becker', phone: '(512) 555-0188', message: MARIA.message }) });

  await page.getByText(/^Got it, \d/).waitFor();
  await page.getByText('Tom Becker. Kitchen tap leaking').waitFor();
  await page.getByRole('button', { name: 'Send a sample' }).click();
  await page.getByText('The sample went out and came back in.').waitFor();
  await page.getByText('It was a test.').waitFor();
  assert.deepEqual(dave.complaints.splice(0), []);
});
