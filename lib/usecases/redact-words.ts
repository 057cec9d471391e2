import { EMPTY_DICTIONARY } from '#lib/core/pii/dictionary.ts';
import { redactJson } from '#lib/core/pii/redact-json.ts';

/** What a person or a refused record says, with everything masked that either tier finds; no dictionary is asked. */
export const redactWords = (text: string): string =>
  String(
    redactJson(text, { dictionary: EMPTY_DICTIONARY, keyOf: (type, normalised) => `${type}:${normalised}` }).value,
  );
