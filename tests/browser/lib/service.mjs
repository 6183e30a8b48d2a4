// A `valise serve` of its own with an invented account, and an SMTP server that keeps what it is sent.
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
export const valise = process.env.VALISE_BINARY ?? join(root, 'build/release/valise');
const fixtures = process.env.VALISE_FIXTURES ?? join(root, 'build/release/valise-fixtures');
// Debian's own Python sees Debian's modules (aiosmtpd); another one on PATH does not.
const python = process.env.VALISE_PYTHON ?? '/usr/bin/python3';
export const run = promisify(execFile);

export const member = {
  name: process.env.VALISE_USER ?? 'anna',
  password: process.env.VALISE_PASSWORD ?? 'correct horse battery staple',
};

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export async function until(what, check, seconds = 30) {
  for (let tries = 0; tries < seconds * 10; tries += 1) {
    const value = await check();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`waited ${seconds} s for ${what}`);
}

function listens(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
    socket.on('close', () => undefined).setTimeout(1000, () => socket.destroy());
    socket.on('connect', () => socket.end());
  });
}

// A process that is stopped when the test is over.
export async function start(command, args, port, environment = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...environment } });
  // A test that fails does not come to stop it: the process of the tests can end all the same, and takes it with it.
  child.unref();
  child.stderr.unref();
  process.once('exit', () => child.kill('SIGKILL'));
  let said = '';
  child.stderr.on('data', (text) => (said = (said + text).slice(-4000)));
  await until(`${command} to listen`, async () => {
    if (child.exitCode !== null) throw new Error(`${command} ended: ${said}`);
    return listens(port);
  });
  return async () => {
    if (child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.on('exit', resolve));
    child.kill('SIGTERM');
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 5000))]);
    child.kill('SIGKILL');
  };
}

const readMail = `
import email, email.policy, json, sys
message = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)
print(json.dumps({'to': message['to'], 'subject': message['subject'], 'text': message.get_body(('plain',)).get_content()}))
`;

// An SMTP server whose mails lie in the folder `box`.
export function startMail(port, box) {
  return start(python, ['-m', 'aiosmtpd', '-n', '-l', `127.0.0.1:${port}`, '-c', 'aiosmtpd.handlers.Mailbox', box], port);
}

// The newest mail to `address`, once it has come; with a subject, the newest of that.
export function mailTo(box, address, subject) {
  return until(`a mail to ${address}`, async () => {
    const names = await readdir(join(box, 'new')).catch(() => []);
    for (const name of names.sort().reverse()) {
      const mail = JSON.parse((await run(python, ['-c', readMail, join(box, 'new', name)])).stdout);
      if (mail.to.includes(address) && (subject === undefined || mail.subject === subject)) return mail;
    }
    return undefined;
  });
}

export function unpack(bundle, folder) {
  return run(python, ['-m', 'zipfile', '-e', bundle, folder]);
}

export class Service {
  // Where people can write: an account of the generator's, its archive, and a folder for what is downloaded.
  static async prepare(...options) {
    const folder = await mkdtemp(join(tmpdir(), 'valise-browser-'));
    const service = new Service();
    if (process.env.VALISE_URL) {
      // A server that runs already: ui/dev/mock.mjs, while pages are made.
      return Object.assign(service, { folder, url: process.env.VALISE_URL, stops: [] });
    }
    Object.assign(service, { folder, data: join(folder, 'data'), archive: join(folder, 'archive.zip'), stops: [] });
    await Service.generate(service.archive, '--preset', 'tiny', '--seed', '5', ...options);
    await service.addMember();
    await service.valise('import', service.archive, '--owner', member.name);
    return service;
  }

  // Where the member has a name and nothing else.
  static async prepareEmpty() {
    const folder = await mkdtemp(join(tmpdir(), 'valise-browser-'));
    const service = Object.assign(new Service(), { folder, data: join(folder, 'data'), stops: [] });
    await service.addMember();
    return service;
  }

  // An invented archive.
  static generate(archive, ...options) {
    return run(fixtures, [...options, '--out', archive, '--truth', `${archive}.truth.json`]);
  }

  async addMember() {
    const adding = run(valise, ['--data', this.data, 'users', 'add', member.name, '--operator', '--password-stdin']);
    adding.child.stdin.end(`${member.password}\n`);
    await adding;
  }

  async serve() {
    if (this.url) return this;
    this.port = await freePort();
    this.mailPort = await freePort();
    this.box = join(this.folder, 'mails');
    this.url = `http://127.0.0.1:${this.port}`;
    this.stops.push(await startMail(this.mailPort, this.box));
    this.stops.push(await start(valise, ['--data', this.data, 'serve', '--port', this.port, '--smtp', `smtp://127.0.0.1:${this.mailPort}`,
      '--mail-from', 'valise@example.test'], this.port));
    return this;
  }

  async stop() {
    for (const stop of this.stops.reverse()) await stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  valise(...args) {
    return run(valise, ['--data', this.data, ...args], { maxBuffer: 1 << 26 });
  }

  mailTo(address, subject) {
    return mailTo(this.box, address, subject);
  }

  unpack(bundle, folder) {
    return unpack(bundle, folder);
  }
}
