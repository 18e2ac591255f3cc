/*
 * Tells Gatehouse what happens on a page: that it is looked at, and clicks on links that are marked for it.
 *
 *   <script defer src="/a.js" data-store="sto_…"></script>
 *
 * Without consent nothing is kept in the browser: no cookie, no storage. Visitor and session are random ids that are
 * forgotten with the page. With Global Privacy Control or Do Not Track, nothing is sent at all.
 *
 *   gatehouse.consent(true)                      keeps a random visitor id for 180 days; also data-consent="granted"
 *   gatehouse.consent(false)                     erases it; also data-consent="denied"
 *   gatehouse.track('quiz done')                 something of the page's own
 *   gatehouse.track('add_to_cart', { product })  what went into the cart, by its SKU
 *   <a data-gatehouse-click="Buy" data-gatehouse-product="MUG-1">
 *   <div data-gatehouse-ask hidden>              is shown to those who can be asked, with these in it:
 *   <button data-gatehouse-consent="granted">    consents; "denied" takes it back
 */
(function () {
  'use strict';

  const KEPT_MS = 180 * 86400000;
  const SESSION_IDLE_MS = 30 * 60000;
  // So many are never more than the server takes, whatever is in them; nor does it take older ones.
  const MOST_AT_ONCE = 5;
  const FRESH_MS = 5 * 60000;
  const MOST_WAITING = 100;
  const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
  const CAMPAIGN = /^cmp_[0-7][0-9a-hjkmnp-tv-z]{25}$/;

  const script = document.currentScript;
  // Twice in a page, it would count everything twice.
  if (!script || !script.src || window.gatehouse) return;
  const endpoint = new URL(`a/${script.dataset.store}/events`, script.src).href;
  const storageKey = `gatehouse:${script.dataset.store}`;
  const isRefused = navigator.globalPrivacyControl === true || navigator.doNotTrack === '1';

  let visitor;
  let session;
  /** When the session was last heard of; 0 before its visit is told. */
  let seenAt;
  /** Until when these are kept in the browser; 0 where they are not. */
  let until;
  let waiting = [];
  let isScheduled = false;

  /** Whatever goes wrong here is no business of the page's. */
  function quietly(work) {
    return (first, second) => {
      try {
        work(first, second);
      } catch {
        // The page goes on.
      }
    };
  }

  /** A random UUID. (`crypto.randomUUID` is there on https alone.) */
  function uuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
  }

  /** A text as one line of so many characters at most; undefined where nothing is left of it. */
  function line(text, most) {
    const clean = String(text ?? '').replace(/[\p{Cc}\p{Cs}]+/gu, ' ');
    return Array.from(clean.trim()).slice(0, most).join('') || undefined;
  }

  /** Begins anew, with ids that say nothing of those before. */
  function forget() {
    visitor = uuid();
    session = uuid();
    seenAt = 0;
    until = 0;
  }

  function erase() {
    localStorage.removeItem(storageKey);
  }

  function keep() {
    localStorage.setItem(storageKey, JSON.stringify({ visitor, session, seenAt, until }));
  }

  /** Takes up what is kept; begins anew where it has ended meanwhile, or was erased, perhaps by another page. */
  function recall() {
    const found = JSON.parse(localStorage.getItem(storageKey)) || {};
    if (found.until > Date.now() && UUID.test(found.visitor) && UUID.test(found.session)) {
      ({ visitor, session, seenAt, until } = found);
      return;
    }
    if (found.until) erase();
    if (until) forget();
  }

  /** How somebody came to this page, as its address and the page before it say. */
  function origin() {
    const query = new URLSearchParams(location.search);
    const before = document.referrer ? new URL(document.referrer).host : '';
    const referrer = before === location.host ? '' : before;
    const named = [query.get('utm_source'), query.get('utm_campaign')].filter(Boolean).join('/');
    const source = named || referrer;
    const campaign = query.get('cmp');
    return {
      channel: line(query.get('utm_medium') || (source && 'referral'), 60),
      source: line(source, 200),
      campaignId: CAMPAIGN.test(campaign) ? campaign : undefined,
    };
  }

  /** Tells of something; of the visit first, where one begins with it. */
  function tell(kind, details) {
    if (until) quietly(recall)();
    const now = Date.now();
    const begins = !(now - seenAt < SESSION_IDLE_MS);
    if (begins && seenAt) session = uuid();
    seenAt = now;
    if (until) quietly(keep)();
    if (begins) add('visit');
    add(kind, details);
    if (isScheduled) return;
    isScheduled = true;
    queueMicrotask(flush);
  }

  function add(kind, details) {
    const page = location.pathname.slice(0, 500);
    // Its own id, so that it counts once, however often it is sent.
    const event = { id: uuid(), kind, visitor, session, page, ...origin(), ...details };
    waiting = waiting.concat({ event, at: seenAt }).slice(-MOST_WAITING);
  }

  /** The next events to be sent. What has waited for too long is left out. */
  function take() {
    waiting = waiting.filter(({ at }) => Date.now() - at < FRESH_MS);
    return waiting.splice(0, MOST_AT_ONCE);
  }

  const bodyOf = (taken) => JSON.stringify({ events: taken.map(({ event }) => event) });

  function flush() {
    isScheduled = false;
    for (let next = take(); next.length > 0; next = take()) send(next);
  }

  /** Goes on when the page is left. What was not taken waits for whatever is told next, or for the end of the page. */
  async function send(taken) {
    try {
      const headers = { 'Content-Type': 'application/json' };
      const options = { method: 'POST', headers, body: bodyOf(taken), keepalive: true, credentials: 'omit' };
      const { status } = await fetch(endpoint, options);
      // Taken, or refused for good.
      if (status !== 429 && status < 500) return;
    } catch {
      // No answer: perhaps it was taken, perhaps not. Its ids make that one case.
    }
    waiting = taken.concat(waiting).slice(-MOST_WAITING);
  }

  /** The last chance: nobody will hear the answer. */
  function leave() {
    for (let next = take(); next.length > 0; next = take()) {
      navigator.sendBeacon(endpoint, new Blob([bodyOf(next)], { type: 'application/json' }));
    }
  }

  function consent(isGranted) {
    if (!isGranted) {
      forget();
      quietly(erase)();
    } else if (!until) {
      // This page's own ids are kept, so that what it has told already belongs to the same visit.
      until = Date.now() + KEPT_MS;
      quietly(keep)();
    }
    showAnswer();
  }

  /** Shows what asks for consent, now that there is somebody to hear the answer, and which answer stands. */
  function showAnswer() {
    for (const part of document.querySelectorAll('[data-gatehouse-ask]')) part.hidden = false;
    for (const button of document.querySelectorAll('[data-gatehouse-consent]')) {
      const isGranted = button.dataset.gatehouseConsent === 'granted';
      button.setAttribute('aria-pressed', String(isGranted === until > 0));
    }
  }

  function track(name, details) {
    const called = line(name, 100);
    const product = line(details && details.product, 100);
    if (called === 'add_to_cart') tell('add_to_cart', { product });
    else if (called) tell('custom', { name: called, product });
  }

  function onClick(event) {
    const answer = event.button === 0 && event.target.closest('[data-gatehouse-consent]');
    if (answer) consent(answer.dataset.gatehouseConsent === 'granted');
    const marked = event.button < 2 && event.target.closest('[data-gatehouse-click]');
    if (!marked) return;
    const { gatehouseClick, gatehouseProduct } = marked.dataset;
    tell('click', { name: line(gatehouseClick, 100), product: line(gatehouseProduct, 100) });
  }

  function look() {
    forget();
    quietly(recall)();
    tell('page_view');
  }

  function start() {
    if (script.dataset.consent === 'denied') quietly(erase)();
    look();
    if (script.dataset.consent === 'granted') quietly(consent)(true);
    else quietly(showAnswer)();
    addEventListener('click', quietly(onClick), true);
    // The middle button, which opens a link beside the page.
    addEventListener('auxclick', quietly(onClick), true);
    addEventListener('pagehide', quietly(leave));
    // Brought back by the browser as it was: looked at once more.
    addEventListener(
      'pageshow',
      quietly((event) => event.persisted && look()),
    );
  }

  if (isRefused) {
    quietly(erase)();
    window.gatehouse = Object.freeze({ consent() {}, track() {} });
    return;
  }
  window.gatehouse = Object.freeze({ consent: quietly(consent), track: quietly(track) });
  // A page that is made ready before anybody asks for it has not been looked at.
  if (document.prerendering) document.addEventListener('prerenderingchange', quietly(start), { once: true });
  else quietly(start)();
})();
