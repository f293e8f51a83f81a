// Live updates, ticking clocks, Copy, taps on Call.
(() => {
  const doc = document, root = doc.documentElement, data = root.dataset;
  const all = (s, r = doc) => [...r.querySelectorAll(s)];
  const id = i => doc.getElementById(i), bar = id('news');
  const skew = data.now ? Date.now() - data.now : 0;
  const two = n => String(n | 0).padStart(2, '0');
  const words = s => s < 60 ? `${s} s` : s < 3600 ? `${s / 60 | 0}m ${two(s % 60)}s`
    : `${s / 3600 | 0}h ${two(s % 3600 / 60)}m`;
  const put = (e, t) => { if (e.textContent !== t) e.textContent = t; };
  const band = (e, b) => { e.classList.remove('fast', 'ok', 'slow'); e.classList.add(b); };
  root.classList.add('js');

  const tick = () => all('[data-since]').forEach(e => {
    const s = Math.max(0, (Date.now() - skew - e.dataset.since) / 1e3 | 0);
    const b = s <= 60 ? 'fast' : s <= 300 ? 'ok' : 'slow', near = e.closest('li, main');
    if (s < 86400) put(e, words(s));
    band(e, b);
    all('.fuse', near).forEach(f => { band(f, b); f.lastElementChild.setAttribute('width', Math.min(100, s / 3) + '%'); });
    all('[data-left]', near).forEach(l => put(l, s < 300 ? words(300 - s) + l.dataset.left : l.dataset.past));
  });
  setInterval(tick, 1e3);

  // Focus, open folds and typed words are left alone.
  const busy = r => r.contains(doc.activeElement) || r.querySelector('details[open]')
    || all('input, textarea', r).some(i => i.value !== i.defaultValue || i.checked !== i.defaultChecked);
  let fresh, lost, timer = 0, leads = 0;
  const swap = () => {
    all('[data-live]').forEach(old => {
      const now = fresh.querySelector(`[data-live="${old.dataset.live}"]`);
      if (now && !busy(old)) old.replaceChildren(...now.childNodes);
    });
    leads = 0;
    bar.hidden = true;
    tick();
  };
  const load = async () => {
    timer = 0;
    const r = await fetch(location).catch(() => 0);
    if (!r.ok || r.redirected) return;
    fresh = new DOMParser().parseFromString(await r.text(), 'text/html');
    if (!leads || scrollY < 120) return swap();
    put(bar, leads > 1 ? leads + ' new leads' : '1 new lead');
    bar.hidden = false;
  };
  if (data.events) {
    const live = new EventSource(data.events);
    live.onopen = live.onerror = e => {
      const was = lost;
      lost = root.classList.toggle('paused', e.type == 'error');
      if (was && !lost) load();
    };
    const look = () => { timer ||= setTimeout(load, 250); };
    live.addEventListener('lead', e => { leads++; put(id('say'), e.data); look(); });
    live.addEventListener('refresh', look);
    bar.onclick = () => { swap(); scroll(0, 0); };
  }

  doc.addEventListener('click', e => {
    const on = s => e.target.closest(s), tap = on('[data-tap]'), copy = on('[data-copy]');
    if (tap) navigator.sendBeacon(tap.dataset.tap, new URLSearchParams({ csrf: data.csrf, how: tap.dataset.how }));
    if (!copy) return;
    getSelection().selectAllChildren(id(copy.dataset.copy));
    doc.execCommand('copy');
    put(copy.lastChild, 'Copied');
  });
})();
