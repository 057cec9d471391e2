import { describe, expect, it } from 'vitest';
import type { Json } from '../trajectory/json.ts';
import { leavesOf } from './leaves.ts';
import { newLeaf } from './read-leaves.ts';
import { makeReceipt, ScanGapError, utf8Bytes } from './receipt.ts';
import { TAGGER_VERSION } from './tagger/weights.ts';

const record: Json = {
  events: [{ text: 'Grüße 👩‍🚀', raw: '{"mara@tallow.example": "ok", "n": [1.50]}' }],
  tags: { 'mara@tallow.example': 'x' },
};
const receiptWithout = (isLost: (path: string) => boolean) => {
  const leaves = leavesOf(record).filter((leaf) => !isLost(leaf.path));
  const doc = { id: 'u_1', leaves: leaves.map((leaf) => newLeaf(leaf, 'free')) };
  return makeReceipt(doc, record, () => false, { spans: [], hash: 'h' });
};

describe('a receipt', () => {
  it('counts the bytes of every string, number and key, as UTF-8', () => {
    const receipt = receiptWithout(() => false);
    const texts = [
      'events',
      'text',
      'Grüße 👩‍🚀',
      'raw',
      '{"mara@tallow.example": "ok", "n": [1.50]}',
      'tags',
      'mara@tallow.example',
      'x',
    ];
    expect(receipt.bytesPresent).toBe(texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0));
    expect(receipt.bytesScanned).toBe(receipt.bytesPresent);
    expect(receipt.detectors).toMatchObject({ 'rule:email': '1', names: '2', tagger: TAGGER_VERSION });
  });

  it.each(['a\ud83d', '\udc00x', 'é', '€', '👍'])('counts %j as Node does', (text) => {
    expect(utf8Bytes(text)).toBe(Buffer.byteLength(text));
  });

  it.each([
    ['a text', '/events/0/text'],
    ['a literal of JSON in a string', '/events/0/raw#json/n/0'],
    ['a key of JSON in a string', '/events/0/raw#json/mara@tallow.example#key'],
    ['a value', '/tags/mara@tallow.example'],
  ])('is refused when %s was not read, and names the place without keys of the log', (_, path) => {
    let error: unknown;
    try {
      receiptWithout((lost) => lost === path);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ScanGapError);
    const gap = error as ScanGapError;
    expect(gap.reason).toBe('scan-gap');
    expect(`${gap.message} ${gap.paths.join()}`).not.toContain('tallow');
    expect(path.startsWith(gap.paths[0]!)).toBe(true);
  });
});
