/** What the validator says: one finding a line, under the codes of docs/exports.md. Messages name place and reason, never a value. */

type Rule = { says: string; fix: string };

/** Every code that this validator can find; `says` opens the message. */
export const RULES = {
  T01: { says: 'null-filled', fix: 'omit the key' },
  T02: {
    says: 'does not fit the types of the first chunk',
    fix: 'put an anchor row (one that makes each message list mixed) first',
  },
  T03: { says: 'mixed types', fix: 'one type, always' },
  T04: {
    says: 'float changes on load',
    fix: 'string arguments, if all targets render them alike; else leave the row out',
  },
  T05: { says: 'integer too large', fix: 'carry it as a string' },
  T06: { says: 'taken for an agent trace', fix: 'metadata into meta_json' },
  T07: { says: 'template arguments differ', fix: 'the same keys in all rows, or none' },
  T08: { says: 'empty tool list', fix: 'null' },
  T09: { says: 'empty or mixed shape', fix: 'one shape a file' },
  T10: { says: 'reserved column', fix: 'into meta_json' },
  T11: { says: 'rows would be cut or dropped', fix: 'raise it, or leave the rows out' },
  T12: { says: 'loss on every token', fix: 'set it' },
  T13: { says: 'more than one completion message', fix: 'cut at the first differing step' },
  T14: { says: 'prompt is not a prefix', fix: 'another template, or leave the row out for that target' },
  T15: { says: 'content missing', fix: '""' },
  T16: { says: 'arguments are a string', fix: 'an object' },
  T17: { says: 'template drops', fix: 'another template' },
  T18: { says: 'date is not pinned', fix: 'pin it' },
  T19: { says: 'no value to infer a type from', fix: 'omit it, or put a row with a value first' },
  T20: { says: 'file form', fix: 'rename, repack' },
  T21: { says: 'read as a date', fix: 'add an anchor row, prefix the id' },
  F01: { says: 'not UTF-8, or a BOM', fix: 'write the file as UTF-8 without BOM' },
  F02: { says: 'blank line, CR LF, no LF at the end', fix: 'one object a line, LF after each, also after the last' },
  F03: {
    says: 'no JSON object, key twice in one object, NaN or Infinity, lone surrogate, nesting over 512',
    fix: 'one strict JSON object a line',
  },
  F04: { says: "key set differs from row 1's", fix: 'the same keys in all rows of a config' },
  F05: { says: 'column that is not of section 2', fix: 'into meta_json' },
  F06: { says: 'id missing, no string or repeated', fix: 'a string that is unique in the release' },
  F07: { says: 'meta_json is no string holding an object', fix: 'one JSON object, written as a string' },
  M01: { says: 'unknown role', fix: 'system, user, assistant or tool' },
  M02: { says: 'order', fix: 'system? ( user ( assistant(calls) tool+ )* assistant )+' },
  M03: {
    says: 'calls and tool messages do not match',
    fix: 'after N calls N tool messages with their ids, in the order of the calls',
  },
  M04: { says: 'shape of a call', fix: '{"id","type":"function","function":{"name","arguments"}}' },
  M05: { says: 'call of a tool that the row does not offer', fix: 'offer the tool, or leave the row out' },
  M06: {
    says: "arguments break the tool's JSON Schema without invalid_calls and train:false",
    fix: 'name the call in meta invalid_calls and set train:false on its message, or leave the row out',
  },
  M07: { says: 'assistant with neither text nor call', fix: 'leave the message or the row out' },
  M08: { says: 'unknown message key', fix: 'only the keys of section 2, each with its type' },
  M09: { says: 'tools is no list of functions', fix: 'a JSON string of [{"type":"function","function":{…}}], or null' },
  M10: { says: 'call id not of the form or repeated', fix: 'nine letters or digits, unique in the row' },
  M11: { says: 'no message of the row is trained', fix: 'leave the row out' },
  P01: { says: 'both sides equal', fix: 'leave the pair out' },
  P02: { says: 'an empty side', fix: 'leave the pair out' },
  E01: {
    says: 'eval row breaks section 12',
    fix: 'id, category, level, question, function, ground_truth, teacher, group, meta_json',
  },
  E02: { says: 'answer names a function that is not offered', fix: 'offer the function, or leave the case out' },
  E03: { says: 'gold id also in train', fix: 'leave the row out of train' },
  S01: { says: 'one group in two splits', fix: 'assign whole groups to one split' },
  R01: { says: 'manifest missing or breaks its schema', fix: 'build the release again' },
  R02: { says: 'hash, size or row count differs', fix: 'download the release again; if it stays, do not use it' },
  R03: { says: 'file not listed or missing', fix: 'download the release again; if it stays, do not use it' },
  R04: { says: 'card and files disagree', fix: 'build the release again' },
  R05: { says: 'signature wrong or missing', fix: 'do not use this release; ask its sender' },
  R06: { says: "a target's tokens or texts differ from expect", fix: 'build the release again' },
  R07: { says: 'verdict missing or not pass', fix: 'npm run -s dry-run -- RELEASE, before it is signed' },
  X01: { says: 'a template refuses a row', fix: 'another template, or leave the row out for that target' },
  X02: { says: 'BOS doubled', fix: 'take it out of the template, or tell the trainer to add none' },
  X03: { says: 'assistant_only_loss without markers', fix: 'a template with generation markers' },
  X04: { says: 'stop token outside the last span', fix: 'a template whose markers hold the stop token' },
  X06: { says: "span is not the block's text", fix: 'generation markers at the top level of the template' },
  X07: { says: "a row's tokens exceed the student's context", fix: 'leave the row out, or another student' },
} as const satisfies Record<string, Rule>;
export type Code = keyof typeof RULES;

export type Severity = 'error' | 'warning';
export type Finding = {
  code: Code;
  severity: Severity;
  /** As given; inside a folder relative to it. */
  file: string;
  /** Line from 1; null: the whole file. */
  row: number | null;
  /** JSON pointer into the row; '' is the row. */
  path: string;
  message: string;
  fix: string;
};

export const MAX_FINDINGS_OF_A_CODE = 20;

/** Collects findings, at most 20 of one code a file; the rest are counted. */
export class FindingBook {
  private readonly byFile = new Map<string, Map<Code, { kept: Finding[]; count: number; severity: Severity }>>();

  /** @param why the particulars, after the rule's sentence */
  add(code: Code, file: string, row: number | null, path: string, why: string, severity: Severity = 'error'): void {
    const ofFile = this.byFile.get(file) ?? new Map();
    this.byFile.set(file, ofFile);
    const entry = ofFile.get(code) ?? { kept: [], count: 0, severity };
    ofFile.set(code, entry);
    entry.count++;
    if (severity === 'error') entry.severity = 'error';
    if (entry.kept.length >= MAX_FINDINGS_OF_A_CODE) return;
    const { says, fix } = RULES[code];
    entry.kept.push({ code, severity, file, row, path, message: `${says}: ${why}`, fix });
  }

  has(code: Code, file: string): boolean {
    return this.byFile.get(file)?.has(code) ?? false;
  }

  /** Files in the order in which they were looked at, whole-file findings first, then by row. */
  list(): Finding[] {
    const listed: Finding[] = [];
    for (const [file, codes] of this.byFile) {
      const findings = [...codes.values()].flatMap(({ kept }) => kept);
      findings.sort((a, b) => (a.row ?? 0) - (b.row ?? 0));
      listed.push(...findings);
      for (const [code, { kept, count, severity }] of codes) {
        if (count <= kept.length) continue;
        const { says, fix } = RULES[code];
        const message = `${says}: ${count} findings in this file, ${kept.length} shown`;
        listed.push({ code, severity, file, row: null, path: '', message, fix });
      }
    }
    return listed;
  }
}

export const hasErrors = (findings: readonly Finding[]): boolean =>
  findings.some(({ severity }) => severity === 'error');
