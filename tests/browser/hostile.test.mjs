// What strangers type into a form: code, turned-around letters, endless words, pictures. It stays text on every page,
// breaks no layout, and runs nothing.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PATIENCE, alertLink, browser, open, overflow, setUp, visitor } from './house.mjs';

const HOSTILE = {
  'code in a name': '<script>alert(1)</script>"\'><img src=x onerror=alert(2)>{{7*7}}',
  'letters that run the other way': 'مُحَمَّد العَرَبِيّ \u202Egnp.exe\u202C עברית',
  'one word without an end': 'W'.repeat(190),
  'pictures and piled-up marks': '👩‍👩‍👧‍👦🏴󠁧󠁢󠁳󠁣󠁴󠁿 Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘',
};

let chrome, house, dave, slug;
before(
  async () => {
    [chrome, house] = await Promise.all([browser(), open()]);
    dave = await visitor(chrome, { width: 320 });
    slug = await setUp(dave.page, house, '<b>Harbor</b> & "Sons" مُحَمَّد');
  },
  { timeout: PATIENCE * 4 },
);
after(async () => {
  await house?.close();
  await chrome?.close();
});

let number = 120;
for (const [what, words] of Object.entries(HOSTILE)) {
  test(`${what}: stays text, runs nothing, breaks no page`, async () => {
    const { page, complaints } = dave;
    const phone = `(512) 555-0${number++}`;
    const form = { name: words, phone, message: words, [words]: words, email: '"><b>@example.com' };
    const { lead, receipt } = await house.post(form);
    assert.ok(lead);
    const link = await alertLink(page, house, slug, phone);
    const shop = path => `${house.url}/b/${slug}/${path}`;
    const pages = ['today', 'leads', `leads?q=${encodeURIComponent(words)}`, `leads/${lead}`, 'sources', `receipts/${receipt}`, 'phones', 'more'];

    for (const url of [...pages.map(shop), `${house.url}/health`, `${house.url}/account`, link]) {
      for (const width of [320, 1360]) {
        await page.setViewportSize({ width, height: 844 });
        await page.goto(url);
        await page.evaluate(() => document.querySelectorAll('details').forEach(fold => (fold.open = true)));
        assert.deepEqual(await overflow(page), [], `${url} at ${width} px`);
      }
      assert.equal(await page.locator('main img, main script, main b > b').count(), 0, url);
    }
    assert.deepEqual(complaints.splice(0), []);
  });
}

test('a hostile lead arriving live is announced and shown as text', async () => {
  const { page, complaints } = dave;
  await page.goto(`${house.url}/b/${slug}/today`);
  await page.waitForFunction(() => document.documentElement.classList.contains('js'));

  await house.post({ name: '<img src=x onerror=alert(3)>', phone: '(512) 555-0191' });

  await page.locator('.wait').getByText('<img src=x onerror=alert(3)>', { exact: true }).waitFor();
  assert.match(await page.locator('#say').textContent(), /<img src=x/);
  assert.deepEqual(complaints.splice(0), []);
});

test('a body that is no text is shown as bytes', async () => {
  const { page, complaints } = dave;
  const { receipt, status } = await house.postRaw(new Uint8Array([0x1f, 0x8b, 0, 0xff, 0xfe, 0x3c]), 'application/gzip');

  assert.equal(status, 'kept');
  await page.goto(`${house.url}/b/${slug}/receipts/${receipt}`);
  assert.equal(await page.locator('pre').innerText(), '1f 8b 00 ff fe 3c');
  await page.getByText('This is no text: its bytes as hexadecimal.').waitFor();
  assert.deepEqual(complaints, []);
});
