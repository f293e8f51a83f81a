// Every page on a phone and on a desktop, light and dark: nothing that axe finds, nothing in the console, nothing blocked
// by the policy, nothing asked of other hosts, nothing too small to press, and no sideways scroll down to 320 px.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { MARIA, PATIENCE, alertLink, browser, findings, open, overflow, setUp, tooSmall, visitor } from './house.mjs';

let chrome, demo, empty, dave, owner;
before(
  async () => {
    [chrome, demo, empty] = await Promise.all([browser(), open('demo'), open()]);
    dave = await visitor(chrome, { judge: true });
    owner = await visitor(chrome, { judge: true });
    await dave.page.goto(demo.signIn);
    await dave.page.getByRole('button', { name: 'Sign in' }).click();
    await dave.page.waitForURL('**/today');
    demo.slug = new URL(dave.page.url()).pathname.split('/')[2];
    await demo.post(MARIA);
    await demo.postRaw('budget=500&which_day=Friday', 'application/x-www-form-urlencoded');
    demo.link = await alertLink(dave.page, demo, demo.slug, MARIA.name);
  },
  { timeout: PATIENCE * 6 },
);
after(async () => {
  await demo?.close();
  await empty?.close();
  await chrome?.close();
});

/** Looks at a page in every width and both themes. */
async function judge({ page, complaints }, url, status = 200) {
  const wrong = [];
  const answer = await page.goto(url);
  if (answer.status() !== status) wrong.push(`answered ${answer.status()}`);
  for (const width of [320, 390, 1360]) {
    await page.setViewportSize({ width, height: 844 });
    for (const scheme of width === 320 ? ['light'] : ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      const found = width === 320 ? [] : await findings(page);
      const seen = [...found, ...(await overflow(page)), ...(await tooSmall(page))];
      wrong.push(...seen.map(words => `${width} px, ${scheme}: ${words}`));
    }
  }
  assert.deepEqual([...wrong, ...complaints.splice(0)], [], url);
}

/** The address of the first link on a page that fits. */
async function first(path, selector) {
  await dave.page.goto(demo.url + path);
  return demo.url + (await dave.page.locator(selector).first().getAttribute('href'));
}

const shop = page => `/b/${demo.slug}/${page}`;
const inDemo = [
  ['today', () => demo.url + shop('today')],
  ['today, twelve weeks', () => demo.url + shop('today?period=12w')],
  ['leads', () => demo.url + shop('leads')],
  ['leads, searched', () => demo.url + shop('leads?q=tap&state=waiting')],
  ['a lead that waits', () => first(shop('leads?state=waiting'), 'a.l')],
  ['a lead that is booked', () => first(shop('leads?state=booked'), 'a.l')],
  ['a lead that looks like spam', () => first(shop('leads?state=spam'), 'a.l')],
  ['sources', () => demo.url + shop('sources')],
  ['who sends', () => demo.url + shop('sources/new')],
  ['a name for a source that can be signed', () => demo.url + shop('sources/new/stripe')],
  ['connecting a source', async () => (await first(shop('sources'), '.links a')) + '/connect'],
  ['our own form, for those who hand it out', () => demo.url + shop('form')],
  ['a source', () => first(shop('sources'), '.links a')],
  ['what the fields of a source mean', async () => (await first(shop('sources'), '.links a')) + '/fields'],
  ['a submission that nobody could read', () => first(shop('sources'), '.alert a[href*="/receipts/"]')],
  ['deliveries', () => demo.url + shop('deliveries')],
  ['deliveries that fail', () => demo.url + shop('deliveries?show=failing')],
  ['what is kept', () => demo.url + shop('keep')],
  ['forgetting a person', async () => (await first(shop('leads?state=booked'), 'a.l')) + '/forget'],
  ['team', () => demo.url + shop('team')],
  ['messages', () => demo.url + shop('messages')],
  ['phones', () => demo.url + shop('phones')],
  ['the registration kit', () => demo.url + shop('registration')],
  ['the report of last week', () => demo.url + shop('report')],
  ['more', () => demo.url + shop('more')],
  ['hooks', () => demo.url + shop('hooks')],
  ['businesses', () => `${demo.url}/businesses`],
  ['health', () => `${demo.url}/health`],
  ['account', () => `${demo.url}/account`],
  ['the link in an alert', () => demo.link],
];
for (const [name, url] of inDemo) {
  test(`${name}: fit for everybody`, async () => judge(dave, await url()));
}

test('set-up and a shop without leads: fit for everybody', async () => {
  await judge(owner, `${empty.url}/login`);
  await judge(owner, empty.setup);
  const slug = await setUp(owner.page, empty);
  for (const page of ['today', 'leads', 'sources', 'team', 'messages', 'deliveries', 'phones']) await judge(owner, `${empty.url}/b/${slug}/${page}`);
});

test('what strangers see: fit for everybody', async () => {
  const stranger = await visitor(chrome, { judge: true });
  await judge(stranger, `${demo.url}/login`);
  await judge(stranger, `${demo.url}/status`);
  await judge(stranger, demo.address);
  await judge(stranger, `${demo.address}/thanks`);
  for (const page of ['', '?embed=1', '/thanks']) await judge(stranger, `${demo.url}/f/${demo.slug}${page}`);
  const missing = [`${demo.url}/in/nobodys`, `${demo.url}/l/nobodys`];
  // The console names the status itself.
  for (const [page, status] of [[missing[0], 404], [missing[1], 410]]) {
    const answer = await stranger.page.goto(page);
    assert.equal(answer.status(), status, page);
    assert.deepEqual(await findings(stranger.page), [], page);
  }
});

test('in forced colours the current page and the buttons are told apart', async () => {
  await dave.page.setViewportSize({ width: 1360, height: 844 });
  await dave.page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' });
  await dave.page.goto(demo.url + shop('today'));
  const edge = (selector, side) => dave.page.locator(selector).first().evaluate((e, side) => getComputedStyle(e)[side], side);

  assert.equal(await edge('.rail [aria-current]', 'outlineStyle'), 'solid');
  assert.equal(await edge('.rail a:not([aria-current])', 'outlineStyle'), 'none');
  for (const piece of ['.btn.call', '.card', '.pill']) assert.equal(await edge(piece, 'borderTopStyle'), 'solid', piece);
  await dave.page.emulateMedia({ forcedColors: 'none' });
});

test('Today on paper has no chrome, and the focus is always seen', async () => {
  await dave.page.goto(demo.url + shop('today'));
  await dave.page.setViewportSize({ width: 1360, height: 844 });
  const seen = selector => dave.page.locator(selector).first().isVisible();

  await dave.page.keyboard.press('Tab');
  assert.match(await dave.page.evaluate(() => document.activeElement.textContent), /Skip to content/);
  assert.ok(await seen('.skip'));
  for (let n = 0; n < 12; n++) {
    await dave.page.keyboard.press('Tab');
    const ring = await dave.page.evaluate(() => getComputedStyle(document.activeElement).outline);
    assert.match(ring, /solid 3px|3px solid/, await dave.page.evaluate(() => document.activeElement.outerHTML.slice(0, 100)));
  }
  await dave.page.emulateMedia({ media: 'print' });
  for (const chrome of ['.rail', '.tabs', '.chips']) assert.equal(await seen(chrome), false, chrome);
  assert.ok(await seen('.hero'));
  await dave.page.emulateMedia({ media: 'screen' });
});
