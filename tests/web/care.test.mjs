// The widget takes care: of the focus, of those who listen, of messages on a bad line.
import assert from 'node:assert/strict';
import { after, before, beforeEach, afterEach, test } from 'node:test';
import { Citizen, focused, launch, mouse, screenshot } from './browser.mjs';
import { Server } from './server.mjs';

let server;
let browser;
let citizen;
before(async () => {
  server = await Server.start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.remove();
});
beforeEach(async () => {
  const page = await (await browser.newContext({ viewport: { width: 1000, height: 800 } })).newPage();
  citizen = new Citizen(page, server.url, mouse);
  await page.goto(server.url + '/embedded');
  await page.getByRole('button', { name: 'Κλείστε ραντεβού' }).click();
  await citizen.turn(0);
});
afterEach(() => citizen.page.context().close());

test('a reply is announced once and leaves the focus where it is', async () => {
  const { page } = citizen;
  await mouse.write(citizen, 'βοήθεια');
  await citizen.field().focus();
  await citizen.turn(1);
  const spoken = page.getByRole('status');
  await page.waitForTimeout(300);
  assert.match(await spoken.textContent(), new RegExp(citizen.last.replies[0].display.slice(0, 12).replace(/[^\p{L} ]/gu, '.'), 'u'));
  assert.equal((await focused(page)).tag, 'TEXTAREA');
  assert.equal(await citizen.log().getAttribute('aria-live'), 'off');
  assert.equal(await page.locator('ariadni-chat').getAttribute('lang'), 'el');
});

test('Escape closes, and gives the focus back to the button that opened', async () => {
  const { page } = citizen;
  await citizen.field().focus();
  await page.keyboard.press('Escape');
  assert.equal(await page.getByRole('dialog').count(), 0);
  assert.equal((await focused(page)).text, 'Κλείστε ραντεβού');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  assert.equal((await focused(page)).tag, 'TEXTAREA');
});

test('what can be pressed is at least 44 pixels high and wide', async () => {
  const small = await citizen.page.evaluate(() => {
    const root = document.querySelector('ariadni-chat').shadowRoot;
    return [...root.querySelectorAll('button:not([aria-disabled]), textarea')]
      .map((element) => [element.textContent, element.getBoundingClientRect()])
      .filter(([, box]) => box.width > 0 && (box.width < 44 || box.height < 44)).map(([text]) => text);
  });
  assert.deepEqual(small, []);
});

test('a chosen answer stays to be read and old buttons do nothing', async () => {
  const { page } = citizen;
  const choice = citizen.last.replies.flatMap((reply) => reply.choices)[0];
  await mouse.press(citizen, choice.title);
  await citizen.turn(1);
  assert.match((await page.locator('.you .bubble').last().textContent()), new RegExp(choice.title));
  const old = page.locator('.choices').first().getByRole('button').first();
  assert.equal(await old.getAttribute('aria-disabled'), 'true');
  await old.click({ force: true });
  await page.waitForTimeout(400);
  assert.equal(citizen.last.turn, 1);
});

test('a message written on a dead line is kept and sent once when the line is back', async () => {
  const { page } = citizen;
  await page.context().setOffline(true);
  await mouse.write(citizen, 'Θέλω ραντεβού');
  await page.getByText('Δεν στάλθηκε ακόμη').first().waitFor();
  await screenshot(page, 'not-sent-yet');
  // Even closing the page does not lose it.
  await page.context().setOffline(false);
  await citizen.turn(1);
  assert.equal(await page.locator('.you .bubble').count(), 1);
  assert.equal(await page.locator('.you.unsent').count(), 0);
  assert.equal(citizen.last.turn, 1);
});

test('an answer that was lost on the way is fetched again and the turn runs once', async () => {
  const { page } = citizen;
  let lost = 0;
  await page.route('**/messages', async (route) => {
    if (route.request().method() !== 'POST' || lost++ > 0) return route.continue();
    await route.fetch();
    return route.abort('connectionreset');
  });
  await mouse.write(citizen, 'Θέλω ραντεβού');
  await citizen.turn(1);
  await page.waitForTimeout(500);
  assert.equal(lost, 2);
  assert.equal(await page.locator('.you .bubble').count(), 1);
  assert.equal(citizen.last.turn, 1);
});

test('a draft survives a change of page', async () => {
  const { page } = citizen;
  await citizen.field().fill('Μισό λεπτό να βρω');
  await page.reload();
  await citizen.log().getByText(citizen.last.replies[0].display.split('\n')[0]).first().waitFor();
  assert.equal(await citizen.field().inputValue(), 'Μισό λεπτό να βρω');
});

test('starting over asks first and then begins anew', async () => {
  const { page } = citizen;
  await mouse.write(citizen, 'βοήθεια');
  await citizen.turn(1);
  await page.getByRole('button', { name: 'Από την αρχή', exact: true }).click();
  await screenshot(page, 'start-over');
  await page.getByRole('button', { name: 'Ναι, από την αρχή' }).click();
  await page.waitForFunction(() => {
    const root = document.querySelector('ariadni-chat').shadowRoot;
    return root.querySelectorAll('.you').length === 0 && root.querySelectorAll('.bot').length > 0;
  });
});
