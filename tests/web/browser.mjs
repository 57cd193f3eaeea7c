// Debian's Chromium, and a citizen who uses the widget in it.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { chromium } = createRequire(join(process.env.PLAYWRIGHT_FOLDER, 'package.json'))('playwright-core');

const QUIET = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

/** Chromium sometimes dies as it starts on a busy machine: three tries. */
export async function launch() {
  for (let tries = 1; ; tries++) {
    try {
      return await chromium.launch({ executablePath: process.env.CHROMIUM, headless: true, args: QUIET });
    } catch (error) {
      if (tries === 3) throw error;
    }
  }
}

const REFERENCE = /^[ABEKMPTX]{3}-\d{5}$/;

/** What a citizen would write where there is nothing to press. */
const WORDS = {
  service: 'πληροφορίες στο ΚΕΠ',
  procedure: 'πληροφορίες στο ΚΕΠ',
  office: 'ΚΕΠ Κυψέλης',
  mode: 'να έρθω εκεί',
  when: 'την Πέμπτη το πρωί',
  slot: 'το πρώτο',
  on_behalf: 'για μένα',
  relation: 'μητέρα',
  phone: '6944123456',
  email: 'όχι',
  confirm: 'ναι',
  rating: '5',
};

/** A citizen in front of one page; `hands` presses and writes, with the mouse or with the keyboard. */
export class Citizen {
  constructor(page, base, hands, name = 'Μαρία Παπαδοπούλου') {
    Object.assign(this, { page, base, hands, name, last: null, booked: null, elsewhere: [], complaints: [] });
    page.on('request', (request) => {
      if (!request.url().startsWith(base + '/')) this.elsewhere.push(request.url());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      // The browser itself says so when a request fails, which some tests bring about.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) this.complaints.push(message.text());
    });
    page.on('response', (response) => this.heard(response));
  }

  async heard(response) {
    const path = new URL(response.url()).pathname;
    if (response.request().method() !== 'POST' || !/^\/api\/v1\/conversations(\/[^/]+\/messages)?$/.test(path)) return;
    const out = await response.json().catch(() => null);
    if (!out || out.turn === undefined) return;
    this.last = out;
    this.booked = out.events.find((event) => event.type === 'appointment_booked') ?? this.booked;
  }

  log() { return this.page.getByRole('log'); }
  field() { return this.page.getByRole('textbox'); }
  bubbles() { return this.page.locator('.bubble').allTextContents(); }

  /** Waits until turn `turn` has been answered and is shown. */
  async turn(turn) {
    for (let tries = 0; !this.last || this.last.turn < turn; tries++) {
      assert.ok(tries < 200, `turn ${turn} was not answered; the page says: ${await this.log().textContent()}`);
      await this.page.waitForTimeout(50);
    }
    const shown = this.last.replies.at(-1).display.split('\n')[0];
    await this.page.locator('.bot .bubble', { hasText: shown }).last().waitFor();
  }

  /** Books, answering whatever is asked, until it is done. */
  async book() {
    await this.turn(0);
    for (let step = 0; step < 25 && !this.booked; step++) {
      const { turn } = this.last;
      const choice = this.pick(this.last.replies.flatMap((reply) => reply.choices));
      if (choice) await this.hands.press(this, choice.title);
      else await this.hands.write(this, this.words());
      await this.turn(turn + 1);
    }
    assert.ok(this.booked, `nothing was booked; the last answer: ${JSON.stringify(this.last)}`);
    assert.match(this.booked.reference, REFERENCE);
    return this.booked;
  }

  words() {
    if (/_name$/.test(this.last.awaiting)) return this.name;
    return WORDS[this.last.awaiting] ?? 'Θέλω ραντεβού στο ΚΕΠ Κυψέλης';
  }

  pick(choices) {
    if (this.last.turn === 0) return choices.find((choice) => /κλεί/i.test(choice.title));
    if (['requester_name', 'beneficiary_name', 'phone'].includes(this.last.awaiting)) return null;
    if (this.last.awaiting === 'confirm') return choices.find((choice) => /^ναι/i.test(choice.title));
    if (this.last.awaiting === 'on_behalf') return choices.find((choice) => /μένα/i.test(choice.title));
    return choices[0];
  }

  /** The reference of the card, as the citizen reads it. */
  reference() { return this.page.locator('.card .code').last().textContent(); }
}

/** Somebody with a mouse. */
export const mouse = {
  async press(citizen, title) {
    await citizen.page.locator('.choices button:not([aria-disabled])', { hasText: title }).first().click();
  },
  async write(citizen, text) {
    await citizen.field().click();
    await citizen.page.keyboard.type(text);
    await citizen.page.getByRole('button', { name: 'Αποστολή' }).click();
  },
};

/** The text or the name of what has the focus, also inside the widget. */
export const focused = (page) => page.evaluate(() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  const inert = element?.getAttribute('aria-disabled') === 'true';
  return { tag: element?.tagName ?? '', text: (element?.textContent ?? '').trim(), inert };
});

/** Somebody who has only a keyboard. */
export const keyboard = {
  async reach(citizen, wanted) {
    for (const key of ['Tab', 'Shift+Tab']) {
      for (let steps = 0; steps < 40; steps++) {
        const now = await focused(citizen.page);
        if (!now.inert && wanted(now)) return;
        await citizen.page.keyboard.press(key);
      }
    }
    assert.fail('the keyboard does not get there');
  },
  async press(citizen, title) {
    await this.reach(citizen, (now) => now.tag === 'BUTTON' && now.text === title);
    await citizen.page.keyboard.press('Enter');
  },
  async write(citizen, text) {
    await this.reach(citizen, (now) => now.tag === 'TEXTAREA');
    await citizen.page.keyboard.type(text);
    await citizen.page.keyboard.press('Enter');
  },
};

export const screenshot = (page, name) => page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`) });
