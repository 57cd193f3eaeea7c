// The real server on a free port, with a database of its own.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Monday, 09:00 in Athens.
const NOW = '2026-11-23T09:00:00+02:00';

const freePort = () => new Promise((resolve, reject) => {
  const probe = createServer();
  probe.once('error', reject);
  probe.listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});

export class Server {
  static async start() {
    const server = new Server();
    server.folder = await mkdtemp(join(tmpdir(), 'ariadni-web-'));
    server.port = await freePort();
    server.url = `http://127.0.0.1:${server.port}`;
    await server.up();
    return server;
  }

  async up() {
    const options = ['serve', '--listen', `127.0.0.1:${this.port}`, '--now', NOW,
      '--data-dir', this.folder, '--database-url', `sqlite://${join(this.folder, 'test.db')}`];
    this.process = spawn(process.env.ARIADNI_BIN, options, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    this.process.stderr.on('data', (chunk) => { said += chunk; });
    for (let tries = 0; tries < 150; tries++) {
      if (this.process.exitCode !== null) throw new Error(`the server ended with ${this.process.exitCode}:\n${said}`);
      const ready = await fetch(`${this.url}/readyz`).then((answer) => answer.ok, () => false);
      if (ready) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`the server was not ready in 15 s:\n${said}`);
  }

  async down() {
    const gone = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGTERM');
    await gone;
  }

  async restart() {
    await this.down();
    await this.up();
  }

  async remove() {
    await this.down();
    await rm(this.folder, { recursive: true, force: true });
  }
}
