/** IRC channel logs: each line of a person is what a user said, under the nick; notices are meta. One file is one channel. */
import type { Adapter, AdapterRun, AdapterSink, DraftEvent, DraftTrajectory, SourceRecord } from '../adapter.ts';
import { refOf } from '../adapter.ts';

export const irc: Adapter = {
  name: 'irc',
  version: '1',
  specificity: 30,
  score: (records) => {
    const lines = records.flatMap(({ text }) => text ?? []);
    const said = lines.filter((line) => SAID.test(line)).length;
    const noted = lines.filter((line) => NOTICE.test(line)).length;
    return said >= 2 && said + noted > 0.6 * lines.length ? 0.6 + 0.3 * ((said + noted) / lines.length) : 0;
  },
  start: (sink) => new IrcRun(sink),
};

const SAID = /^\s{0,4}(?:\[?\d{1,2}:\d{2}(?::\d{2})?\]?\s{1,4})?<[@+%&~ ]?([^<>\s]{1,64})>\s?(.*)$/s;
const ACTION = /^\s{0,4}(?:\[?\d{1,2}:\d{2}(?::\d{2})?\]?\s{1,4})?\*\s([^\s*]{1,64})\s(.*)$/s;
const NOTICE = /^\s{0,4}(?:\[?\d{1,2}:\d{2}(?::\d{2})?\]?\s{1,4})?(?:===|-!-|---|\*\*\*)\s/;

class IrcRun implements AdapterRun {
  private readonly sink: AdapterSink;
  private readonly events: DraftEvent[] = [];

  constructor(sink: AdapterSink) {
    this.sink = sink;
  }

  take(record: SourceRecord): Iterable<DraftTrajectory> {
    const { text } = record;
    if (text === undefined) {
      this.sink.refuse(record, 'unknown_format', 'no line of text');
      return [];
    }
    const place = { record: refOf(record) };
    const said = SAID.exec(text) ?? ACTION.exec(text);
    if (said) {
      const parts = said[2] === '' ? [] : [{ type: 'text' as const, text: said[2]! }];
      this.events.push({ kind: 'user', actor: 'human', name: said[1]!, parts, flags: ['role_inferred'], place });
    } else this.events.push({ kind: 'meta', actor: 'app', parts: [{ type: 'text', text }], place });
    return [];
  }

  *end(): Iterable<DraftTrajectory> {
    if (this.events.length > 0) yield { events: this.events, flags: ['no_id'] };
  }
}
