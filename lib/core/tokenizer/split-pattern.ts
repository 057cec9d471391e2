/** Patterns of pre-tokenizers are Oniguruma's; JavaScript's are all but the same. */
import { type Pattern, TokenizerRefusal } from './tokenizer-file.ts';

/** White space as Unicode has it: JavaScript's `\s` takes U+FEFF and leaves U+0085. */
const SPACE = '\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

export function compilePattern(pattern: Pattern): RegExp {
  if ('String' in pattern) return new RegExp(pattern.String.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'), 'gu');
  try {
    return new RegExp(translate(pattern.Regex), 'gu');
  } catch {
    throw new TokenizerRefusal('the pattern that cuts words has a form that is not known here');
  }
}

function translate(pattern: string): string {
  let inClass = false;
  let out = '';
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!;
    const next = pattern[at + 1];
    if (char === '\\' && (next === 's' || next === 'S')) {
      if (inClass && next === 'S') throw new TokenizerRefusal('the pattern that cuts words has \\S in a class');
      out += inClass ? SPACE : `[${next === 'S' ? '^' : ''}${SPACE}]`;
      at++;
    } else if (char === '\\') {
      // `\'` and the like: Unicode patterns of JavaScript allow no needless backslash.
      out += next !== undefined && /['"!#%&,:;<=>@_`~ ]/.test(next) ? next : char + next;
      at++;
    } else {
      if (char === '[') inClass = true;
      else if (char === ']') inClass = false;
      out += char;
    }
  }
  return out;
}
