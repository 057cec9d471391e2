/** Repeated history is read once: faster, and never with another result. */
import { describe, expect, it } from 'vitest';
import { isObject, stringify } from '../trajectory/json.ts';
import { itemMemo, workedOut } from './item-memo.ts';
import { parseJson } from './parse-json.ts';

const long = 'x'.repeat(200);
const request = (...messages: string[]) => `{"messages":[${messages.join(',')}]}`;
const said = (text: string) => `{"role":"user","content":"${text} ${long}"}`;

function messagesOf(text: string): unknown[] {
  const reading = parseJson(text);
  return reading.ok && isObject(reading.value) ? (reading.value.messages as unknown[]) : [];
}

describe('an item that comes again', () => {
  it('is the same object from the second time on, and its neighbours are read as they are', () => {
    itemMemo.clear();
    messagesOf(request(said('a')));
    const second = messagesOf(request(said('a'), said('b')));
    const third = messagesOf(request(said('a'), said('c')));
    expect(third[0]).toBe(second[0]);
    expect(third.map((message) => stringify(message))).toEqual([said('a'), said('c')]);
  });

  it('is another one when it differs anywhere, also behind a long common beginning', () => {
    itemMemo.clear();
    const one = `{"content":"${long}","role":"user"}`;
    const other = `{"content":"${long}","role":"tool"}`;
    for (let n = 0; n < 3; n++)
      for (const text of [one, other]) expect(stringify(messagesOf(request(text))[0])).toBe(text);
  });

  it('tells every time that a key stood twice in it, or that it was sanitised', () => {
    itemMemo.clear();
    const twice = `{"role":"user","role":"user","content":"\\u0000${long}"}`;
    for (let n = 0; n < 4; n++)
      expect(parseJson(request(twice))).toMatchObject({ ok: true, flags: ['duplicate_keys', 'sanitised'] });
  });

  it('is refused where it stands too deep, however often it was read before', () => {
    itemMemo.clear();
    const deep = `{"text":"${long}","in":${'['.repeat(6)}${']'.repeat(6)}}`;
    for (let n = 0; n < 4; n++) expect(parseJson(request(deep), 9).ok).toBe(true);
    for (let n = 0; n < 4; n++) expect(parseJson(request(deep), 8)).toMatchObject({ ok: false, reason: 'too_deep' });
  });

  it('is broken JSON every time, with its place', () => {
    itemMemo.clear();
    const cut = `{"messages":[{"role":"user","content":"${long}" oops}]}`;
    const at = cut.indexOf('oops');
    for (let n = 0; n < 4; n++) expect(parseJson(cut)).toMatchObject({ ok: false, reason: 'bad_json', at });
  });

  it('keeps what was worked out of it until a source is done', () => {
    itemMemo.clear();
    for (let n = 0; n < 3; n++) messagesOf(request(said('a')));
    const [message] = messagesOf(request(said('a')));
    let made = 0;
    const work = () => workedOut(message as never, 'count', () => ++made);
    expect([work(), work()]).toEqual([1, 1]);
    itemMemo.clear();
    expect(work()).toBe(2);
  });
});
