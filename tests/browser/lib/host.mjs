// Valise and the example service beside it, with one clock that the test moves and an SMTP server that keeps the mails.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { freePort, mailTo, run, start, startMail, valise } from './service.mjs';

const host = process.env.VALISE_HOST_BINARY ?? join(dirname(valise), 'valise-host');
const pictures = process.env.VALISE_PICTURES ?? join(dirname(valise), 'valise-pictures');

export class Pair {
  static async serve() {
    const folder = await mkdtemp(join(tmpdir(), 'valise-pair-'));
    const pair = Object.assign(new Pair(), { folder, data: join(folder, 'valise'), box: join(folder, 'mails'), stops: [] });
    const [port, sitePort, mailPort] = [await freePort(), await freePort(), await freePort()];
    Object.assign(pair, { url: `http://127.0.0.1:${port}`, site: `http://127.0.0.1:${sitePort}`, clock: join(folder, 'clock') });
    await pair.moveClock(0);
    const clock = { VALISE_TEST_CLOCK: pair.clock };
    const options = ['--data', join(folder, 'site'), '--valise', pair.url, '--token-file', join(folder, 'token')];
    await run(host, [...options, 'seed']);
    await writeFile(join(folder, 'key'), (await run(host, [...options, 'key'])).stdout);
    await pair.valise('services', 'add', 'pellicule', '--url', pair.site, '--key', join(folder, 'key'));
    await writeFile(join(folder, 'token'), (await pair.valise('services', 'token', 'pellicule')).stdout);
    pair.stops.push(await startMail(mailPort, pair.box));
    pair.stops.push(await start(valise, ['--data', pair.data, 'serve', '--port', port, '--smtp', `smtp://127.0.0.1:${mailPort}`,
      '--mail-from', 'valise@example.test'], port, clock));
    pair.stops.push(await start(host, [...options, 'serve', '--port', sitePort], sitePort, clock));
    return pair;
  }

  // Both processes are that many seconds ahead of the world.
  moveClock(seconds) {
    return writeFile(this.clock, String(seconds));
  }

  valise(...args) {
    return run(valise, ['--data', this.data, ...args], { maxBuffer: 1 << 26 });
  }

  // Draws pictures; returns their paths.
  async draw(...names) {
    await run(pictures, ['--out', this.folder, ...names]);
    return names.map((name) => join(this.folder, name));
  }

  mailTo(address) {
    return mailTo(this.box, address);
  }

  async stop() {
    for (const stop of this.stops.reverse()) await stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}
