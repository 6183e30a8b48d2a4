// A line between the browser and a server of this machine, which can be cut.
import { connect, createServer } from 'node:net';

export class Line {
  #sockets = new Set();

  static async to(url) {
    const line = Object.assign(new Line(), { target: Number(new URL(url).port), port: 0 });
    await line.mend();
    return line;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  mend() {
    this.server = createServer((near) => {
      const far = connect(this.target, '127.0.0.1');
      for (const [from, to] of [[near, far], [far, near]]) {
        this.#sockets.add(from);
        from.on('error', () => to.destroy()).on('close', () => this.#sockets.delete(from));
        from.pipe(to);
      }
    });
    return new Promise((resolve) => {
      this.server.listen(this.port, '127.0.0.1', () => {
        this.port = this.server.address().port;
        resolve();
      });
    });
  }

  // Everything that runs over it ends now, and nothing gets through any more.
  cut() {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.server.close(resolve));
  }
}
