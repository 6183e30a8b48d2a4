import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fold, tokens } from '../fold';
import vectors from '../../../src/account/fold_vectors.json';

for (const { note, text, fold: folded, tokens: words } of vectors) {
  test(`fold: ${note}`, () => {
    assert.equal(fold(text), folded);
    assert.deepEqual(tokens(text), words);
  });
}

test('fold: a lone surrogate becomes the replacement character', () => {
  assert.equal(fold('a\uD800b'), 'a\uFFFDb');
});
