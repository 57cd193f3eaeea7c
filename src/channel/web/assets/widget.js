/*! Αριάδνη: the web widget. One file, no framework, no call to anyone but the server it came from.
 *
 *  <script src="https://…/widget.js" defer></script>
 *    data-position="left"    the launcher sits at the left (default: right)
 *    data-inline="some-id"   no launcher: the panel fills the element with this id
 *    data-open               the panel is open from the start
 */
(() => {
  'use strict';

  const script = document.currentScript;
  if (!script || window.ariadni) return;
  const BASE = new URL(script.src, location.href).origin;
  const API = BASE + '/api/v1/conversations';
  const INLINE = script.dataset.inline;
  const STORE = 'ariadni:' + BASE;
  const LONGEST = 2000;

  const WORDS = {
    name: 'Αριάδνη',
    role: 'Ψηφιακή βοηθός',
    launch: 'Κλείστε ραντεβού',
    panel: 'Συνομιλία με την Αριάδνη',
    log: 'Μηνύματα της συνομιλίας',
    close: 'Κλείσιμο',
    over: 'Από την αρχή',
    sure: 'Να αρχίσουμε από την αρχή; Τα μηνύματα θα σβηστούν.',
    yes: 'Ναι, από την αρχή',
    no: 'Όχι, συνεχίζουμε',
    write: 'Γράψτε το μήνυμά σας',
    here: 'Γράψτε…',
    send: 'Αποστολή',
    bot: 'Η Αριάδνη γράφει:',
    you: 'Γράψατε:',
    choices: 'Επιλογές',
    typing: 'Η Αριάδνη γράφει…',
    unsent: 'Δεν στάλθηκε ακόμη. Προσπαθώ ξανά…',
    retry: 'Δοκιμή τώρα',
    offline: 'Δεν έχουμε σύνδεση αυτή τη στιγμή. Προσπαθώ ξανά…',
    gone: 'Η προηγούμενη συνομιλία έχει λήξει. Ας αρχίσουμε ξανά.',
    ended: 'Η συνομιλία τελείωσε.',
    fresh: 'Νέα συνομιλία',
    wait: 'Μισό λεπτό, περιμένω την απάντηση.',
    keys: 'Πατήσατε:',
    wrong: 'Κάτι πήγε στραβά. Δοκιμάστε ξανά.',
    booked: 'Το ραντεβού σας κλείστηκε',
    moved: 'Το ραντεβού σας άλλαξε',
    cancelled: 'Το ραντεβού ακυρώθηκε',
    reference: 'Κωδικός',
    when: 'Πότε',
    where: 'Πού',
    how: 'Πώς',
    whom: 'Για',
    modes: { in_person: 'Με φυσική παρουσία', video: 'Με βιντεοκλήση', phone: 'Τηλεφωνικά' },
  };

  const STYLE = `
:host { all: initial; }
* { box-sizing: border-box; }
.root {
  --blue: #003375; --on-blue: #fff; --paper: #fff; --ink: #14171c; --soft: #eef2f8; --line: #6b7683;
  --faint: #4a545f; --ring: #ffb000; --ring-edge: #14171c; --warn: #7a1f00; --good: #0b5d2a; --good-soft: #e9f5ee;
  font: 400 18px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
  color: var(--ink); text-align: left; letter-spacing: normal;
}
@media (prefers-color-scheme: dark) {
  .root {
    --blue: #9cc3ff; --on-blue: #0a1730; --paper: #14181f; --ink: #f2f4f7; --soft: #232a35; --line: #94a0af;
    --faint: #c3cad3; --ring-edge: #000; --warn: #ffb59a; --good: #8fe0ac; --good-soft: #17301f;
  }
}
button, textarea { font: inherit; color: inherit; letter-spacing: inherit; }
button { min-height: 44px; min-width: 44px; cursor: pointer; border-radius: 6px; border: 2px solid var(--blue); background: var(--paper); color: var(--blue); padding: 7px 14px; }
button:hover { text-decoration: underline; text-underline-offset: 3px; }
:focus-visible { outline: 4px solid var(--ring); outline-offset: 0; box-shadow: 0 0 0 6px var(--ring-edge); }
.strong { background: var(--blue); color: var(--on-blue); font-weight: 600; }
.launcher { position: fixed; right: 20px; bottom: 20px; z-index: 2147483000; min-height: 60px; padding: 12px 22px; border-radius: 30px; display: flex; gap: 10px; align-items: center; border: 2px solid var(--paper); box-shadow: 0 3px 14px rgba(0,0,0,.35); }
.launcher svg { width: 28px; height: 28px; flex: none; }
.left .launcher, .left .panel { right: auto; left: 20px; }
.panel { position: fixed; right: 20px; bottom: 20px; z-index: 2147483001; width: min(430px, calc(100vw - 40px)); height: min(700px, calc(100vh - 40px)); height: min(700px, calc(100dvh - 40px)); display: flex; flex-direction: column; background: var(--paper); border: 2px solid var(--blue); border-radius: 10px; overflow: clip; box-shadow: 0 8px 32px rgba(0,0,0,.35); }
.fixed { height: 100%; }
.fixed .panel { position: relative; inset: auto; width: 100%; height: 100%; box-shadow: none; }
[hidden] { display: none !important; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 8px; padding: 10px 12px 10px 16px; background: #003375; color: #fff; }
header div { flex: 1 1 90px; min-width: 0; }
h2 { margin: 0; font-size: 22px; line-height: 1.2; font-weight: 700; }
header p { margin: 0; font-size: 16px; line-height: 1.3; }
header button { background: transparent; color: #fff; border-color: #fff; font-size: 16px; padding: 6px 10px; }
.log { flex: 1; min-height: 0; overflow-y: auto; overscroll-behavior: contain; padding: 16px; display: flex; flex-direction: column; gap: 12px; position: relative; }
.log > * { flex: none; }
.message { max-width: 92%; overflow-wrap: anywhere; }
.bubble { position: relative; width: fit-content; max-width: 100%; white-space: pre-line; padding: 10px 14px; border-radius: 10px; }
.bot .bubble { background: var(--soft); border: 1px solid transparent; border-bottom-left-radius: 2px; }
.you { align-self: flex-end; }
.you .bubble { margin-left: auto; }
.you .bubble { background: var(--blue); color: var(--on-blue); border: 1px solid transparent; border-bottom-right-radius: 2px; }
.you.unsent .bubble { background: var(--paper); color: var(--ink); border: 2px dashed var(--line); }
.bubble a { color: inherit; font-weight: 600; text-underline-offset: 3px; }
.whole { white-space: nowrap; }
.bot + .bot .bubble { border-top-left-radius: 2px; }
.choices { display: flex; flex-wrap: wrap; gap: 10px; margin-top: 10px; }
.choices button { text-align: left; font-weight: 600; overflow-wrap: anywhere; }
.choices button[aria-disabled] { border: 1px dashed var(--line); color: var(--faint); font-weight: 400; font-size: 16px; min-height: 0; padding: 2px 10px; cursor: default; text-decoration: none; }
.choices:has([aria-disabled]) { gap: 6px; margin-top: 6px; }
.choices button.chosen { border: 1px solid var(--line); font-weight: 600; }
.choices button.chosen::before { content: "✓ "; }
.card { border: 2px solid var(--good); background: var(--good-soft); border-radius: 10px; padding: 12px 16px; align-self: stretch; }
.card h3 { margin: 0 0 6px; font-size: 20px; line-height: 1.3; color: var(--good); }
.card dl { margin: 0; display: grid; grid-template-columns: auto 1fr; gap: 4px 14px; }
.card dt { color: var(--faint); }
.card dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; }
.card .code { font-size: 24px; letter-spacing: 1px; white-space: nowrap; }
.note { margin: 6px 0 0; color: var(--warn); font-size: 17px; }
.bar { border-top: 2px solid var(--line); padding: 12px 16px; display: flex; flex-wrap: wrap; gap: 10px; align-items: center; }
.bar p { margin: 0; flex: 1 1 100%; }
.typing { display: flex; gap: 6px; align-items: center; color: var(--faint); }
.typing i { width: 9px; height: 9px; border-radius: 50%; background: var(--faint); animation: breathe 1.2s infinite; }
.typing i:nth-child(2) { animation-delay: .2s; } .typing i:nth-child(3) { animation-delay: .4s; }
@keyframes breathe { 0%, 60%, 100% { opacity: .3; } 30% { opacity: 1; } }
form { position: relative; display: flex; gap: 10px; align-items: flex-end; padding: 12px; border-top: 1px solid var(--line); background: var(--paper); }
textarea { flex: 1; min-width: 0; min-height: 48px; max-height: 140px; resize: none; padding: 9px 12px; border: 2px solid var(--line); border-radius: 6px; background: var(--paper); color: var(--ink); line-height: 1.45; }
textarea::placeholder { color: var(--faint); opacity: 1; }
form button { min-height: 48px; }
.aside { position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; border: 0; }
@media (max-width: 480px), (max-height: 480px) {
  .root:not(.fixed) .panel { inset: 0; width: 100%; height: 100%; height: 100dvh; border: 0; border-radius: 0; }
  .launcher { right: 12px; bottom: 12px; } .left .launcher { left: 12px; }
  .log { padding: 12px; } form { padding: 8px; gap: 8px; } header { padding: 6px 8px 6px 12px; } header p { display: none; }
  form button { padding: 7px 10px; } textarea { padding: 9px 8px; }
}
@media (prefers-reduced-motion: reduce) { .typing i { animation: none; opacity: .8; } }
@media (prefers-contrast: more) { .root { --line: currentColor; --faint: var(--ink); } .bot .bubble { border-color: var(--ink); } }
@media (forced-colors: active) { .bubble, .panel, .card { border: 1px solid CanvasText !important; } .typing i { background: CanvasText; } }
`;

  // ── What is remembered between pages ────────────────────────────────────────────────────────────────────────────

  let memory = {};
  const read = () => {
    try { memory = JSON.parse(localStorage.getItem(STORE)) || {}; } catch { /* no storage: this page only */ }
    return memory;
  };
  const remember = (changes) => {
    memory = { ...memory, ...changes };
    try { localStorage.setItem(STORE, JSON.stringify(memory)); } catch { /* no storage: this page only */ }
  };
  read();

  const newKey = () => crypto.randomUUID ? crypto.randomUUID()
    : [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

  // ── The elements ────────────────────────────────────────────────────────────────────────────────────────────────

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (typeof value === 'function') element.addEventListener(name, value);
      else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : value);
    }
    element.append(...children.filter((child) => child !== undefined && child !== null));
    return element;
  };

  const icon = () => {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.setAttribute('aria-hidden', 'true');
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    path.setAttribute('fill', 'currentColor');
    path.setAttribute('d', 'M7 2v2H5a2 2 0 0 0-2 2v13a2 2 0 0 0 2 2h9l4 3v-3h1a2 2 0 0 0 2-2V6a2 2 0 0 0-2-2h-2V2h-2v2H9V2H7zm-2 7h14v10H5V9zm3 3v2h8v-2H8zm0 3v2h5v-2H8z');
    svg.append(path);
    return svg;
  };

  const host = make('ariadni-chat', { lang: 'el' });
  const shadow = host.attachShadow({ mode: 'open' });
  const log = make('div', { class: 'log', role: 'log', 'aria-live': 'off', 'aria-label': WORDS.log, tabindex: '0' });
  const input = make('textarea', { id: 'write', rows: '1', maxlength: LONGEST, placeholder: WORDS.here, autocomplete: 'off', enterkeyhint: 'send', input: drafted, keydown: typed });
  const sender = make('button', { type: 'submit', class: 'strong' }, WORDS.send);
  const form = make('form', { submit: (event) => { event.preventDefault(); say(); } },
    make('label', { for: 'write', class: 'aside' }, WORDS.write), input, sender);
  const bar = make('div', { class: 'bar', hidden: true });
  const live = make('div', { class: 'aside', role: 'status', 'aria-live': 'polite' });
  const over = make('button', { type: 'button', click: askOver }, WORDS.over);
  const closer = make('button', { type: 'button', 'aria-label': WORDS.close, click: close }, '✕');
  const panel = make('section', { id: 'panel', class: 'panel', role: INLINE === undefined ? 'dialog' : 'region', 'aria-label': WORDS.panel, tabindex: '-1', hidden: true },
    make('header', {}, make('div', {}, make('h2', {}, WORDS.name), make('p', {}, WORDS.role)), over, INLINE === undefined ? closer : undefined),
    log, bar, form, live);
  const launcher = make('button', { type: 'button', class: 'launcher strong', 'aria-haspopup': 'dialog', 'aria-controls': 'panel', 'aria-expanded': 'false', click: () => open(true) },
    icon(), WORDS.launch);
  const root = make('div', { class: 'root' + (script.dataset.position === 'left' ? ' left' : '') + (INLINE === undefined ? '' : ' fixed') },
    INLINE === undefined ? launcher : undefined, panel);
  root.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && INLINE === undefined && !panel.hidden) { event.stopPropagation(); close(); }
  });

  const dress = () => {
    const css = INLINE === undefined ? STYLE : STYLE + ':host { display: block; height: 100%; min-height: 0; }';
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      shadow.adoptedStyleSheets = [sheet];
    } catch {
      shadow.append(make('style', {}, css));
    }
    shadow.append(root);
  };

  // ── Opening, closing, writing ───────────────────────────────────────────────────────────────────────────────────

  let begun = false;

  function open(byHand) {
    panel.hidden = false;
    launcher.setAttribute('aria-expanded', 'true');
    launcher.hidden = true;
    remember({ open: true });
    if (!begun) { begun = true; begin(); } else listen();
    grow();
    // Only somebody who pressed the launcher is taken inside; a phone's keyboard would hide half of the greeting.
    if (byHand) (matchMedia('(pointer: fine)').matches ? input : panel).focus();
  }

  function close() {
    panel.hidden = true;
    launcher.hidden = false;
    launcher.setAttribute('aria-expanded', 'false');
    remember({ open: false });
    deaf();
    launcher.focus();
  }

  function drafted() {
    remember({ draft: input.value });
    grow();
  }

  function grow() {
    input.style.height = 'auto';
    if (input.scrollHeight) input.style.height = Math.min(input.scrollHeight + 4, 140) + 'px';
  }

  function typed(event) {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); say(); }
  }

  function say() {
    const text = input.value.trim();
    if (!text || !ready()) return;
    input.value = '';
    drafted();
    send({ text }, text);
  }

  /** One message at a time: what is written meanwhile waits in the field. */
  function ready() {
    if (!pending) return true;
    announce(WORDS.wait);
    return false;
  }

  // ── Showing ─────────────────────────────────────────────────────────────────────────────────────────────────────

  const show = (element) => { log.insertBefore(element, waiting.isConnected ? waiting : null); return element; };

  /** Plain text with its links made links and its codes kept on one line; never HTML. */
  const rich = (text) => text.split(/(https?:\/\/[^\s<>«»"]*[^\s<>«»".,;:!)]|[A-ZΑ-Ω]{3}-\d{5})/).map((part, index) => {
    if (index % 2 === 0) return part;
    return part.startsWith('http') ? make('a', { href: part, target: '_blank', rel: 'noopener' }, part) : make('span', { class: 'whole' }, part);
  });

  function bubble(who, text) {
    const label = who === 'you' ? WORDS.you : WORDS.bot;
    return show(make('div', { class: 'message ' + who }, make('div', { class: 'bubble' }, make('span', { class: 'aside' }, label + ' '), ...rich(text))));
  }

  function showReply(reply) {
    const message = bubble('bot', reply.display);
    if (!reply.choices || !reply.choices.length) return message;
    const group = make('div', { class: 'choices', role: 'group', 'aria-label': WORDS.choices });
    for (const choice of reply.choices) {
      titles.set(choice.value, choice.title);
      group.append(make('button', { type: 'button', click: (event) => choose(event.currentTarget, choice) }, choice.title));
    }
    message.append(group);
    return message;
  }

  function choose(button, choice) {
    if (button.hasAttribute('aria-disabled') || !ready()) return;
    button.classList.add('chosen');
    send({ choice: choice.value }, choice.title);
  }

  /** Old buttons stay readable and in place (the focus may be on one), but do nothing and are passed over by Tab. */
  function settle() {
    for (const button of log.querySelectorAll('.choices button:not([aria-disabled])')) {
      button.setAttribute('aria-disabled', 'true');
      button.tabIndex = -1;
    }
  }

  const day = (local) => {
    const date = new Date(local + ':00Z');
    const format = (options) => new Intl.DateTimeFormat('el-GR', { timeZone: 'UTC', ...options }).format(date);
    return format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }) + ', στις ' + local.slice(11, 16);
  };

  function card(title, rows) {
    const list = make('dl');
    for (const [name, value, kind] of rows) if (value) list.append(make('dt', {}, name), make('dd', { class: kind }, value));
    return show(make('div', { class: 'card' }, make('h3', {}, title), list));
  }

  function showEvent(event) {
    const reference = [WORDS.reference, event.reference, 'code'];
    if (event.type === 'appointment_booked') {
      card(WORDS.booked, [reference, [WORDS.when, day(event.start)], [WORDS.where, event.office_name],
        [WORDS.how, WORDS.modes[event.mode]], [WORDS.whom, event.beneficiary]]);
    } else if (event.type === 'appointment_rescheduled') {
      card(WORDS.moved, [reference, [WORDS.when, day(event.start)]]);
    } else if (event.type === 'appointment_cancelled') {
      card(WORDS.cancelled, [reference]);
    }
  }

  /** Shows one answer; `fresh` when it has just come, so that it is read aloud and scrolled to. */
  function showOut(out, fresh) {
    settle();
    const first = log.lastElementChild;
    // What happened comes before the last word, which asks how to go on.
    const last = out.replies.length > 1 ? out.replies.at(-1) : null;
    for (const reply of out.replies) if (reply !== last) showReply(reply);
    for (const event of out.events || []) showEvent(event);
    if (last) showReply(last);
    seen = out.turn;
    if (fresh) {
      announce(out.replies.map(spoken).join(' '));
      scroll(first);
    }
    if (out.status === 'ended') finish();
  }

  const spoken = (reply) => reply.display
    + (reply.choices && reply.choices.length ? ' ' + WORDS.choices + ': ' + reply.choices.map((c) => c.title).join(', ') + '.' : '');

  /** An exchange of a replay or of the stream; what was shown already is passed over. */
  function apply({ in: inbound, out }, fresh) {
    if (out.turn <= seen) return;
    if (inbound) {
      const text = inbound.text ?? (inbound.choice !== undefined ? titles.get(inbound.choice) ?? inbound.choice : inbound.dtmf ? WORDS.keys + ' ' + inbound.dtmf : '');
      if (inbound.choice !== undefined) mark(text);
      if (text) bubble('you', text);
    }
    showOut(out, fresh);
  }

  function mark(title) {
    const open = [...log.querySelectorAll('.choices button:not([aria-disabled])')];
    open.find((button) => button.textContent === title)?.classList.add('chosen');
  }

  function announce(text) {
    live.textContent = '';
    setTimeout(() => { live.textContent = text; }, 60);
  }

  const still = matchMedia('(prefers-reduced-motion: reduce)');

  /** Brings the end into view, but never past the beginning of what is new. */
  function scroll(first, atOnce) {
    const end = log.scrollHeight - log.clientHeight;
    const top = first ? Math.min(first.offsetTop - 12, end) : end;
    log.scrollTo({ top, behavior: atOnce || still.matches ? 'instant' : 'smooth' });
  }

  const waiting = make('div', { class: 'typing', 'aria-hidden': 'true' }, make('i'), make('i'), make('i'), WORDS.typing);
  let slow = 0;

  function typing(on) {
    clearTimeout(slow);
    if (!on) { waiting.remove(); return; }
    slow = setTimeout(() => { log.append(waiting); scroll(); announce(WORDS.typing); }, 800);
  }

  function ask(text, ...buttons) {
    bar.replaceChildren(make('p', {}, text), ...buttons);
    bar.hidden = false;
  }

  function hush() {
    bar.hidden = true;
    bar.replaceChildren();
  }

  const button = (text, act, kind) => make('button', { type: 'button', class: kind, click: act }, text);

  function askOver() {
    ask(WORDS.sure, button(WORDS.yes, () => { startOver(); input.focus(); }, 'strong'),
      button(WORDS.no, () => { hush(); over.focus(); if (ended) finish(); }));
    bar.querySelector('button').focus();
  }

  function finish() {
    ended = true;
    form.hidden = true;
    ask(WORDS.ended, button(WORDS.fresh, () => { startOver(); log.focus(); }, 'strong'));
  }

  // ── Talking to the server ───────────────────────────────────────────────────────────────────────────────────────

  /** The last turn that is shown. */
  let seen = -1;
  /** Titles of the choices that were offered, by value. */
  const titles = new Map();
  /** The message on its way: {key, body, text, bubble}. */
  let pending = null;
  let ended = false;
  /** Counts conversations: what belongs to an earlier one is dropped when it comes back. */
  let epoch = 0;

  class Refused extends Error {
    constructor(status, error) { super(error.message || String(status)); this.status = status; this.code = error.code; this.greek = error.message_el; }
    /** Whether the same request may succeed later. */
    get passing() { return this.status >= 500 || this.status === 429 || this.status === 408 || this.code === 'conflict'; }
    get gone() { return this.status === 401 || this.status === 404; }
  }

  async function call(path, { body, key, after } = {}) {
    const headers = {};
    if (path) headers.Authorization = 'Bearer ' + memory.token;
    if (body) headers['Content-Type'] = 'application/json';
    if (key) headers['Idempotency-Key'] = key;
    const abort = new AbortController();
    const limit = setTimeout(() => abort.abort(), 30000);
    try {
      const query = after === undefined || after === null ? '' : '?after=' + after;
      const response = await fetch(API + path + query, { method: after === undefined ? 'POST' : 'GET', headers, body: body && JSON.stringify(body), signal: abort.signal, credentials: 'omit' });
      const answer = await response.json();
      if (!response.ok) throw new Refused(response.status, answer.error || {});
      return answer;
    } finally { clearTimeout(limit); }
  }

  const pause = (ms) => new Promise((resolve) => {
    const done = () => { clearTimeout(timer); removeEventListener('online', done); wake = null; resolve(); };
    const timer = setTimeout(done, ms);
    addEventListener('online', done);
    wake = done;
  });
  /** Ends the pause before the next try. */
  let wake = null;
  const backoff = (tries) => Math.min(15000, 1000 * 2 ** Math.min(tries, 4));

  /** Tries until it works or is refused for good; `trouble` is told of each failure that may pass. */
  async function insist(work, trouble) {
    for (let tries = 0; ; tries++) {
      try { return await work(); } catch (error) {
        if (error instanceof Refused && !error.passing) throw error;
        trouble(error);
        await pause(error.code === 'conflict' ? 400 : backoff(tries));
      }
    }
  }

  /** Goes on with the conversation that is remembered, or begins one. */
  async function begin() {
    const mine = epoch;
    input.value = memory.draft || '';
    grow();
    if (memory.id) {
      try {
        await insist(() => sync(mine), troubled);
      } catch (error) {
        if (mine !== epoch) return;
        if (!error.gone) return note(error);
        forget();
        return begin();
      }
      if (mine !== epoch) return;
      hush();
      if (ended) finish();
      scroll(null, true);
      if (memory.unsent) deliver(memory.unsent);
    } else {
      typing(true);
      remember({ start: memory.start || newKey() });
      let first;
      try {
        first = await insist(() => call('', { key: memory.start, body: {} }), troubled);
      } catch (error) {
        typing(false);
        return note(error);
      }
      typing(false);
      if (mine !== epoch) return;
      hush();
      remember({ id: first.id, token: first.token, start: null });
      showOut(first, true);
    }
    listen();
  }

  const troubled = () => {
    typing(false);
    ask(WORDS.offline, button(WORDS.retry, () => wake && wake()));
  };

  async function sync(mine) {
    const { messages } = await call('/' + memory.id + '/messages', { after: seen < 0 ? null : seen });
    const fresh = seen >= 0;
    if (mine === epoch) for (const exchange of messages) apply(exchange, fresh);
  }

  function send(body, text) {
    settle();
    const unsent = { key: newKey(), body, text };
    remember({ unsent });
    deliver(unsent);
  }

  /** Brings one message to the server, however long the network is away, and shows the answer once. */
  async function deliver(unsent) {
    const mine = epoch;
    pending = { ...unsent, bubble: bubble('you', unsent.text) };
    sender.setAttribute('aria-disabled', 'true');
    scroll();
    typing(true);
    try {
      const path = '/' + memory.id + '/messages';
      const out = await insist(() => call(path, { body: unsent.body, key: unsent.key }), () => mine === epoch && undelivered());
      if (mine !== epoch) return;
      answered();
      if (out.turn === seen + 1) showOut(out, true);
      else { pending.bubble.remove(); pending = null; await sync(mine).catch(() => {}); }
    } catch (error) {
      if (mine !== epoch) return;
      answered();
      refused(error, unsent);
    } finally {
      if (mine === epoch) {
        pending = null;
        sender.removeAttribute('aria-disabled');
        for (const exchange of late.splice(0)) apply(exchange, true);
      }
    }
  }

  function undelivered() {
    typing(false);
    if (pending.note) return;
    pending.bubble.classList.add('unsent');
    pending.note = make('p', { class: 'note' }, WORDS.unsent + ' ', button(WORDS.retry, () => wake && wake()));
    pending.bubble.append(pending.note);
    announce(WORDS.unsent);
    scroll();
  }

  function answered() {
    typing(false);
    remember({ unsent: null });
    pending.bubble.classList.remove('unsent');
    if (!pending.note) return;
    // Whoever pressed «again» keeps a place to be.
    if (pending.note.contains(shadow.activeElement)) log.focus();
    pending.note.remove();
  }

  function refused(error, unsent) {
    if (error.gone) {
      startOver(WORDS.gone);
    } else if (error.code === 'conversation_ended') {
      pending.bubble.remove();
      finish();
    } else {
      pending.bubble.remove();
      note(error);
    }
    if (unsent.body.text && !input.value) { input.value = unsent.text; drafted(); }
  }

  function note(error) {
    const text = error.greek || WORDS.wrong;
    show(make('p', { class: 'note' }, text));
    announce(text);
    scroll();
  }

  function forget() {
    epoch++;
    deaf();
    seen = -1;
    ended = false;
    pending = null;
    late.length = 0;
    titles.clear();
    typing(false);
    sender.removeAttribute('aria-disabled');
    form.hidden = false;
    log.replaceChildren();
    hush();
    remember({ id: null, token: null, unsent: null, start: null });
  }

  function startOver(why) {
    forget();
    if (why) { show(make('p', { class: 'note' }, why)); announce(why); }
    begin();
  }

  // ── Hearing of turns from elsewhere: another tab, an official ───────────────────────────────────────────────────

  let ear = null;
  /** Turns heard while our own message was under way. */
  const late = [];

  function deaf() {
    if (ear) ear.abort();
    ear = null;
  }

  async function listen() {
    if (ear || !memory.id || panel.hidden || document.hidden || ended) return;
    const mine = ear = new AbortController();
    for (let tries = 0; ear === mine; tries++) {
      try {
        const headers = { Authorization: 'Bearer ' + memory.token };
        const response = await fetch(API + '/' + memory.id + '/events?after=' + Math.max(seen, 0), { headers, signal: mine.signal, credentials: 'omit' });
        if (!response.ok || !response.body) return;
        const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
        for (let rest = ''; ;) {
          const { value, done } = await reader.read();
          if (done) break;
          tries = 0;
          const blocks = (rest + value).split('\n\n');
          rest = blocks.pop();
          blocks.forEach(hear);
        }
      } catch { if (mine.signal.aborted) return; }
      // Opening the stream again replays what was missed, so it is the polling too.
      await new Promise((resolve) => setTimeout(resolve, Math.min(30000, 2000 * 2 ** Math.min(tries, 4))));
    }
  }

  function hear(block) {
    const data = block.split('\n').filter((line) => line.startsWith('data:')).map((line) => line.slice(5).trim()).join('\n');
    if (!data) return;
    const exchange = JSON.parse(data);
    if (pending) late.push(exchange); else apply(exchange, true);
  }

  document.addEventListener('visibilitychange', () => { if (document.hidden) deaf(); else if (begun) listen(); });

  // Another tab began a new conversation: this one goes along.
  addEventListener('storage', (event) => {
    if (event.key !== STORE || !begun) return;
    const before = memory.id;
    const now = (() => { try { return JSON.parse(event.newValue) || {}; } catch { return {}; } })();
    if (!now.id || now.id === before) return;
    const kept = { id: now.id, token: now.token };
    forget();
    remember(kept);
    begin();
  });

  // ── Here we go ──────────────────────────────────────────────────────────────────────────────────────────────────

  function mount() {
    dress();
    const place = INLINE === undefined ? document.body : document.getElementById(INLINE) || script.parentElement;
    place.append(host);
    if (INLINE !== undefined || script.dataset.open !== undefined || memory.open) open(false);
  }

  window.ariadni = { open: () => open(true), close };
  if (document.body) mount(); else addEventListener('DOMContentLoaded', mount);
})();
