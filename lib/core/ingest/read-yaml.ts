/** YAML as values with their places: the interactions of a recording, the items of a list, else each document. */
import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, parseAllDocuments, visit } from 'yaml';
import { type Json, JsonNumber, type JsonObject } from '../trajectory/json.ts';

/** `start` and `end` count UTF-16 code units of the text. */
export type YamlItem = { start: number; end: number; value?: Json; isTooDeep?: true };

const DEEPEST = 512;
/** Aliases can make a small file huge: what they add to an item is counted. */
const MOST_COPIES = 200_000;

/** @returns undefined for what is not YAML */
export function readYaml(text: string): YamlItem[] | undefined {
  try {
    const documents = parseAllDocuments(text, {
      uniqueKeys: false,
      intAsBigInt: true,
      prettyErrors: false,
      logLevel: 'silent',
    });
    if (!Array.isArray(documents)) return undefined;
    if (documents.some(({ errors }) => errors.length > 0)) return undefined;
    return documents.flatMap((document) => itemsOf(document as Document.Parsed));
  } catch (thrown) {
    // The parser goes down with the stack on extreme nesting.
    if (thrown instanceof RangeError) return [{ start: 0, end: text.length, isTooDeep: true }];
    return undefined;
  }
}

type Reading = { anchors: Map<string, unknown>; copies: number };

function itemsOf(document: Document.Parsed): YamlItem[] {
  const root = document.contents as Node | null;
  if (!root) return [];
  const list = isMap(root) ? root.items.find((pair) => keyOf(pair) === 'interactions')?.value : root;
  const nodes = isSeq(list) ? (list.items as Node[]) : [root];
  const reading: Reading = { anchors: new Map(), copies: MOST_COPIES };
  // Looked up once: the library searches the whole document for each alias.
  visit(document, {
    Node: (_, node) => {
      if ('anchor' in node && node.anchor) reading.anchors.set(node.anchor, node);
    },
  });
  return nodes.flatMap((node): YamlItem[] => {
    const range = node.range;
    if (!range) return [];
    const place = { start: range[0], end: range[1] };
    const value = plain(node, reading, 0);
    return [value === undefined ? { ...place, isTooDeep: true } : { ...place, value }];
  });
}

const keyOf = (pair: Pair): string => (isScalar(pair.key) ? String(pair.key.value) : '');

/** @returns undefined when it is nested too deep, or grows too large by aliases */
function plain(node: unknown, reading: Reading, depth: number, isCopy = false): Json | undefined {
  if (depth > DEEPEST || (isCopy && --reading.copies < 0)) return undefined;
  if (isAlias(node)) return plain(reading.anchors.get(node.source), reading, depth + 1, true);
  if (isSeq(node)) {
    const list: Json[] = [];
    for (const item of node.items) {
      const value = plain(item, reading, depth + 1, isCopy);
      if (value === undefined) return undefined;
      list.push(value);
    }
    return list;
  }
  if (isMap(node)) {
    const object: JsonObject = Object.create(null);
    for (const pair of node.items) {
      const value = plain(pair.value, reading, depth + 1, isCopy);
      if (value === undefined) return undefined;
      object[keyOf(pair)] = value;
    }
    return object;
  }
  return isScalar(node) ? scalar(node.value) : null;
}

function scalar(value: unknown): Json {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : new JsonNumber(String(value));
  }
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  // `!!binary`: what reads it must know that these are bytes.
  if (value instanceof Uint8Array) return { '!!binary': Buffer.from(value).toString('base64') };
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\0', '\uFFFD');
  return typeof value === 'boolean' ? value : null;
}
