/** `json.dumps` as transformers hands it to templates as the filter `tojson`. */
import { MAX_TEXT, tooLarge } from './arithmetic.ts';
import { ordered } from './compare.ts';
import { floatText, intText } from './text.ts';
import { Dict, Float, Markup, Tuple, typeError, typeName, type Value } from './values.ts';

export type JsonStyle = {
  ensureAscii: boolean;
  /** What one level is indented by; null: everything on one line. */
  indent: string | null;
  itemSeparator: string;
  keySeparator: string;
  sortKeys: boolean;
};

export const DEFAULT_STYLE: JsonStyle = {
  ensureAscii: false,
  indent: null,
  itemSeparator: ', ',
  keySeparator: ': ',
  sortKeys: false,
};

export function jsonText(text: string, ensureAscii: boolean): string {
  const quoted = JSON.stringify(text);
  if (!ensureAscii) return quoted;
  return quoted.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function jsonFloat(x: number): string {
  if (Number.isNaN(x)) return 'NaN';
  if (!Number.isFinite(x)) return x > 0 ? 'Infinity' : '-Infinity';
  return floatText(x);
}

function keyText(key: Value): string {
  if (typeof key === 'string') return key;
  if (key instanceof Markup) return key.text;
  if (key === null) return 'null';
  if (typeof key === 'boolean') return key ? 'true' : 'false';
  if (typeof key === 'number' || typeof key === 'bigint') return intText(key);
  if (key instanceof Float) return jsonFloat(key.value);
  throw typeError(`keys must be str, int, float, bool or None, not ${typeName(key)}`);
}

/** @throws PyError TypeError for what JSON has no form for */
export function toJson(value: Value, style: JsonStyle = DEFAULT_STYLE): string {
  const written = write(value, style, '\n');
  if (written.length > MAX_TEXT) throw tooLarge();
  return written;
}

function write(value: Value, style: JsonStyle, newline: string): string {
  if (typeof value === 'string') return jsonText(value, style.ensureAscii);
  if (value === null) return 'null';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number' || typeof value === 'bigint') return intText(value);
  if (value instanceof Float) return jsonFloat(value.value);
  if (value instanceof Markup) return jsonText(value.text, style.ensureAscii);
  if (Array.isArray(value)) return writeItems(value, style, newline);
  if (value instanceof Tuple) return writeItems(value.items, style, newline);
  if (value instanceof Dict) return writeDict(value, style, newline);
  throw typeError(`Object of type ${typeName(value)} is not JSON serializable`);
}

function writeItems(items: readonly Value[], style: JsonStyle, newline: string): string {
  if (items.length === 0) return '[]';
  const inner = style.indent === null ? newline : newline + style.indent;
  return wrap(
    '[',
    items.map((item) => write(item, style, inner)),
    ']',
    style,
    newline,
    inner,
  );
}

function writeDict(dict: Dict, style: JsonStyle, newline: string): string {
  if (dict.size === 0) return '{}';
  const inner = style.indent === null ? newline : newline + style.indent;
  const entries = dict.entries();
  if (style.sortKeys) {
    entries.sort(([a], [b]) => (ordered(a, b, '<') ? -1 : ordered(b, a, '<') ? 1 : 0));
  }
  const fields = entries.map(
    ([key, value]) => jsonText(keyText(key), style.ensureAscii) + style.keySeparator + write(value, style, inner),
  );
  return wrap('{', fields, '}', style, newline, inner);
}

function wrap(open: string, parts: string[], close: string, style: JsonStyle, newline: string, inner: string): string {
  if (style.indent === null) return open + parts.join(style.itemSeparator) + close;
  return open + inner + parts.join(style.itemSeparator + inner) + newline + close;
}
