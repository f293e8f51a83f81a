// The real program on an empty folder, and a browser in front of it. Ends only what it started.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const program = process.env.PROGRAM ?? join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'debug', 'leadbell');
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Nothing here may take longer, in milliseconds. */
export const PATIENCE = 20_000;

/** A person who fills in forms. */
export const MARIA = {
  name: 'Maria Lopez',
  phone: '(512) 555-0142',
  email: 'maria.lopez@example.com',
  message: 'Kitchen tap leaking under the sink',
};

/** Starts the program (`demo` starts the made-up shop) and resolves when it has printed its addresses. */
export async function open(...command) {
  if (!existsSync(program)) throw new Error(`Build it first: cargo build (looked for ${program})`);
  const folder = mkdtempSync(join(tmpdir(), 'leadbell-browser-'));
  const env = { PATH: process.env.PATH, HOME: folder, TMPDIR: folder, TZ: 'America/Chicago' };
  const child = spawn(program, command, {
    cwd: folder,
    env: { ...env, LEADBELL_LISTEN: '127.0.0.1:0', LEADBELL_DATA_DIR: join(folder, 'data') },
  });
  let [out, err] = ['', ''];
  child.stderr.on('data', piece => (err += piece));
  const ended = new Promise(done => child.on('exit', done));
  await new Promise((ready, failed) => {
    const late = setTimeout(() => failed(new Error(`nothing to try was printed\n${out}\n${err}`)), PATIENCE);
    ended.then(code => failed(new Error(`it ended with ${code}\n${out}\n${err}`)));
    child.stdout.on('data', piece => {
      out += piece;
      if (/Try it:\n.*\n/.test(out)) {
        clearTimeout(late);
        ready();
      }
    });
  });
  const printed = pattern => out.match(pattern)?.[0];
  const house = {
    url: printed(/http:\/\/127\.0\.0\.1:\d+/),
    setup: printed(/http:\S+\/setup\/\S+/),
    signIn: printed(/http:\S+\/login\/link\/\S+/),
    address: printed(/http:\S+\/in\/\S+/),
    /** Posts a form to the printed address, as a program does. */
    async post(fields, query = '') {
      const answer = await fetch(house.address + query, { method: 'POST', body: new URLSearchParams(fields) });
      return answer.json();
    },
    /** Posts a body as it is. */
    async postRaw(body, type) {
      const answer = await fetch(house.address, { method: 'POST', body, headers: { 'content-type': type } });
      return answer.json();
    },
    async close() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return house;
}

/** Debian's Chromium, kept from looking anywhere but here. */
export function browser() {
  const args = '--no-sandbox --disable-gpu --disable-background-networking --no-first-run --disable-component-update';
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [...args.split(' '), '--disable-sync', '--disable-quic'],
  });
}

/** A visitor with a jar of cookies; `complaints` fills with whatever a page logs, blocks, or asks of others. */
export async function visitor(browser, { width = 390, scheme = 'light', script = true, cookies, judge = false } = {}) {
  const context = await browser.newContext({
    viewport: { width, height: 844 },
    colorScheme: scheme,
    javaScriptEnabled: script,
    reducedMotion: 'reduce',
    storageState: cookies,
  });
  context.setDefaultTimeout(PATIENCE);
  if (judge) await context.addInitScript({ path: axe });
  const complaints = [];
  const page = await context.newPage();
  const note = words => complaints.push(`${new URL(page.url()).pathname}: ${words}`);
  await page.addInitScript(() =>
    addEventListener('securitypolicyviolation', e => console.error(`policy: ${e.violatedDirective} ${e.blockedURI}`)),
  );
  page.on('console', said => ['error', 'warning'].includes(said.type()) && note(said.text()));
  page.on('pageerror', error => note(`script failed: ${error.message}`));
  page.on('dialog', dialog => {
    note(`a dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on('request', request => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol !== 'data:' && hostname !== '127.0.0.1') note(`asked ${hostname}`);
  });
  return { context, page, complaints };
}

/** Opens the set-up link and fills it in. Ends on Today. */
export async function setUp(page, house, business = 'Harbor Plumbing & Heating') {
  await page.goto(house.setup);
  await page.locator('#name').fill('Dave');
  await page.locator('#email').fill('dave@harbor.example');
  await page.locator('#password').fill('correct horse battery');
  await page.locator('#business').fill(business);
  await page.getByLabel('Country').selectOption('US');
  await page.getByLabel('Time zone').selectOption('America/Chicago');
  await page.locator('#mobile').fill('(512) 555-0100');
  await page.getByRole('button', { name: 'Open the shop' }).click();
  await page.waitForURL('**/today');
  return new URL(page.url()).pathname.split('/')[2];
}

/** The link in the alert that speaks of `words` on the preview phones, as soon as it is there. */
export async function alertLink(page, house, slug, words) {
  await page.goto(`${house.url}/b/${slug}/phones`);
  const alert = page.locator('.handset .bub').filter({ hasText: 'New lead' }).filter({ hasText: words }).last();
  return (await alert.innerText()).match(/http:\S+\/l\/[\w-]+/)[0];
}

/** What axe finds wrong with a page, folds open: one line each, naming the rule and the places. */
export async function findings(page) {
  return page.evaluate(async () => {
    document.querySelectorAll('details').forEach(fold => (fold.open = true));
    const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
    return violations.map(v => `${v.id}: ${v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(' | ')}`);
  });
}

/** How far a page reaches beyond its window, and what reaches. */
export function overflow(page) {
  return page.evaluate(() => {
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= wide) return [];
    const out = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > wide + 0.5);
    return [`${document.documentElement.scrollWidth} px in a window of ${wide}`, ...out.slice(0, 3).map(e => e.outerHTML.slice(0, 120))];
  });
}

/** What can be pressed and is lower than 32 px, links within sentences aside; and buttons lower than 40. */
export function tooSmall(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('a, button, input:not([type=hidden]), select, summary, textarea')]
      .filter(e => e.checkVisibility({ visibilityProperty: true }) && getComputedStyle(e).display !== 'inline' && !e.closest('.vh') && !e.matches('.skip'))
      .map(e => ({ e: e.closest('label') ?? e, least: e.matches('.btn:not(.sm)') ? 48 : 32 }))
      .filter(({ e, least }) => e.getBoundingClientRect().height < least - 0.5)
      .map(({ e, least }) => `${e.outerHTML.slice(0, 100)} is ${e.getBoundingClientRect().height} px high, not ${least}`),
  );
}
