// Builds the two faces of the UI into dist/ (see README.md):
//   dist/app/     index.html and its script and style, named by their content; embedded in the binary, served at /assets/
//   dist/viewer/  START-HERE.html and viewer/viewer.{js,css}; copied into every bundle, opened from disk
// With --tests it bundles the unit tests into dist/tests/ instead: Node.js 18 reads no TypeScript.
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, 'dist');
const common = {
  absWorkingDir: root,
  bundle: true,
  charset: 'utf8',
  format: 'iife', // classic scripts: modules do not load from disk
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'inline', // licences travel with the code that they cover
  logLevel: 'warning',
  logLimit: 5,
  target: ['es2020', 'firefox91', 'safari15'],
};

async function bundle(entry, minify = true) {
  const result = await build({ ...common, entryPoints: [entry], minify, write: false, outdir: dist });
  return result.outputFiles[0].contents;
}

async function put(path, contents) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, contents);
}

async function buildApp() {
  const names = {};
  for (const [extension, entry] of [
    ['js', 'src/app/main.tsx'],
    ['css', 'src/styles/app.css'],
  ]) {
    const contents = await bundle(entry);
    const hash = createHash('sha256').update(contents).digest('hex').slice(0, 12);
    names[extension] = `app-${hash}.${extension}`;
    await put(join(dist, 'app', names[extension]), contents);
  }
  const page = await readFile(join(root, 'src/app/index.html'), 'utf8');
  await put(join(dist, 'app/index.html'), page.replace('app.js', names.js).replace('app.css', names.css));
  await put(join(dist, 'app/mark.svg'), await readFile(join(root, 'src/app/mark.svg')));
}

async function buildViewer() {
  await put(join(dist, 'viewer/viewer/viewer.js'), await bundle('src/viewer/main.tsx'));
  await put(join(dist, 'viewer/viewer/viewer.css'), await bundle('src/styles/viewer.css'));
  await put(join(dist, 'viewer/START-HERE.html'), await readFile(join(root, 'src/viewer/START-HERE.html')));
}

async function find(folder, suffix) {
  const found = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await find(path, suffix)));
    else if (entry.name.endsWith(suffix)) found.push(relative(root, path));
  }
  return found.sort();
}

async function buildTests() {
  await rm(join(dist, 'tests'), { recursive: true, force: true });
  const entryPoints = [...(await find(join(root, 'src'), '.test.ts')), ...(await find(join(root, 'src'), '.test.tsx'))];
  await build({
    ...common,
    entryPoints,
    format: 'esm',
    platform: 'node',
    target: 'node18',
    outdir: join(dist, 'tests'),
    outbase: join(root, 'src'),
    outExtension: { '.js': '.mjs' },
  });
}

if (process.argv.includes('--tests')) {
  await buildTests();
} else {
  // Names change with the content: nothing old may stay, the binary embeds the whole folder.
  await rm(join(dist, 'app'), { recursive: true, force: true });
  await rm(join(dist, 'viewer'), { recursive: true, force: true });
  await Promise.all([buildApp(), buildViewer()]);
}
