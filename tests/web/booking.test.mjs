// A citizen books in the browser, and finds everything again.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Citizen, keyboard, launch, mouse, screenshot } from './browser.mjs';
import { Server } from './server.mjs';

let server;
let browser;
before(async () => {
  server = await Server.start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

async function visit(path, hands, name, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
  const page = await context.newPage();
  const citizen = new Citizen(page, server.url, hands, name);
  await page.goto(server.url + path);
  return citizen;
}

/** The page was fine all along, and spoke to nobody but its own server. */
function well(citizen) {
  assert.deepEqual(citizen.elsewhere, []);
  assert.deepEqual(citizen.complaints, []);
}

test('books with the mouse; the transcript survives a reload and a restart of the server', async () => {
  const citizen = await visit('/', mouse, 'Μαρία Παπαδοπούλου');
  await citizen.turn(0);
  await screenshot(citizen.page, 'greeting');
  const booked = await citizen.book();
  assert.equal(await citizen.reference(), booked.reference);
  assert.match(await citizen.page.locator('.card').last().textContent(), new RegExp(booked.office_name));
  assert.match(await citizen.page.locator('.card').last().textContent(), new RegExp(booked.start.slice(11)));
  await citizen.page.evaluate(() => scrollTo(0, 0));
  await citizen.page.waitForTimeout(600);
  await screenshot(citizen.page, 'booked-by-mouse');
  const said = await citizen.bubbles();

  await citizen.page.reload();
  await citizen.page.locator('.card').waitFor();
  assert.deepEqual(await citizen.bubbles(), said);

  await server.restart();
  await citizen.page.reload();
  await citizen.page.locator('.card').waitFor();
  assert.deepEqual(await citizen.bubbles(), said);
  assert.equal(await citizen.reference(), booked.reference);
  const { turn } = citizen.last;
  await mouse.write(citizen, 'Πότε είναι το ραντεβού μου;');
  await citizen.turn(turn + 1);
  well(citizen);
  await citizen.page.context().close();
});

test('books with the keyboard only', async () => {
  const citizen = await visit('/embedded', keyboard, 'Νίκος Αντωνίου');
  await keyboard.reach(citizen, (now) => now.text === 'Κλείστε ραντεβού');
  await citizen.page.keyboard.press('Enter');
  const booked = await citizen.book();
  assert.equal(await citizen.reference(), booked.reference);
  await citizen.page.waitForTimeout(600);
  await screenshot(citizen.page, 'booked-by-keyboard');
  well(citizen);
  await citizen.page.context().close();
});

test('books on a phone 320 pixels wide, in the dark', async () => {
  const options = { viewport: { width: 320, height: 640 }, colorScheme: 'dark', hasTouch: true };
  const citizen = await visit('/embedded', mouse, 'Ελένη Γεωργίου', options);
  await citizen.page.getByRole('button', { name: 'Κλείστε ραντεβού' }).click();
  await citizen.turn(0);
  await screenshot(citizen.page, 'phone-greeting');
  await citizen.book();
  await citizen.page.waitForTimeout(600);
  await screenshot(citizen.page, 'phone-booked');
  const wide = await citizen.page.evaluate(() => {
    const log = document.querySelector('ariadni-chat').shadowRoot.querySelector('.log');
    return { page: document.documentElement.scrollWidth, log: log.scrollWidth - log.clientWidth };
  });
  assert.deepEqual(wide, { page: 320, log: 0 });
  well(citizen);
  await citizen.page.context().close();
});
