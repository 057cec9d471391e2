import { cleanup, render } from '@testing-library/react';
import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { countPoints, mapOf, slicePoints } from './code-points.ts';
import type { TranscriptEvent } from './event.ts';
import { rangeOf } from './select.ts';
import { TextView } from './text-view.tsx';
import { Transcript } from './transcript.tsx';

const PATH = '/events/0/parts/0/text';
const block = (text: string) => ({ format: 'prose' as const, pieces: [{ path: PATH, text }] });
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '💩',
        '👩‍👩‍👧',
        'e\u0301',
        '\r\n',
        '\t',
        '\u202e',
        '\ud83d',
        'مرحبا',
        '[PERSON_1]',
        'Ms Okafor',
        ' ',
        '<b>',
        '&amp;',
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''))
  .filter((text) => text !== '');

beforeAll(() => {
  class Watcher {
    observe() {}
    unobserve() {}
    disconnect() {}
  }
  vi.stubGlobal('ResizeObserver', Watcher);
  const sizes = [
    [Element.prototype, 'clientHeight', 600],
    [Element.prototype, 'clientWidth', 800],
    [HTMLElement.prototype, 'offsetHeight', 80],
  ] as const;
  for (const [owner, name, value] of sizes)
    Object.defineProperty(owner, name, { get: () => value, configurable: true });
});

afterEach(cleanup);

describe('text in the page', () => {
  it('is the text of the event, sign by sign, whatever is in it', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const { container, unmount } = render(<TextView block={block(text)} />);
        expect(container.textContent).toBe(text);
        unmount();
      }),
      { numRuns: 100 },
    );
  });

  it('a selection in it is told in code points, and is the slice that was selected', () => {
    const places = hostile.chain((text) =>
      fc.tuple(fc.constant(text), fc.nat(countPoints(text)), fc.nat(countPoints(text))),
    );
    fc.assert(
      fc.property(places, ([text, a, b]) => {
        const [start, end] = [Math.min(a, b), Math.max(a, b)];
        fc.pre(start < end);
        const { container, unmount } = render(<TextView block={block(text)} />);
        const range = document.createRange();
        range.setStart(...nodeAt(container, mapOf(text).toUnit(start)));
        range.setEnd(...nodeAt(container, mapOf(text).toUnit(end)));
        const selection = { isCollapsed: false, rangeCount: 1, getRangeAt: () => range } as unknown as Selection;
        expect(rangeOf(selection, () => countPoints(text))).toEqual({ path: PATH, start, end });
        expect(slicePoints(text, start, end)).toBe(range.toString());
        unmount();
      }),
      { numRuns: 100 },
    );
  });

  it('log text makes no elements', () => {
    const { container } = render(<TextView block={block('<img src=x onerror=alert(1)> [x](javascript:1)')} />);
    expect(container.querySelector('img,a,script')).toBeNull();
  });

  it('carries direction and no translation', () => {
    const { container } = render(<TextView block={block('مرحبا')} />);
    expect(container.querySelector('[dir="auto"][translate="no"]')).not.toBeNull();
  });
});

/** Text node and offset of a UTF-16 place. */
function nodeAt(root: Element, unit: number): [Node, number] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  let left = unit;
  let last: Node | null = null;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const length = node.nodeValue?.length ?? 0;
    if (left <= length) return [node, left];
    left -= length;
    last = node;
  }
  return [last as Node, last?.nodeValue?.length ?? 0];
}

describe('a transcript', () => {
  const events: TranscriptEvent[] = Array.from({ length: 10_000 }, (_, seq) => ({
    id: `t:${seq}`,
    seq,
    kind: seq % 2 === 0 ? 'user' : 'assistant',
    blocks: [{ format: 'prose', pieces: [{ path: `/events/${seq}/parts/0/text`, text: `word ${seq} of [PERSON_1]` }] }],
  }));

  it('of ten thousand events draws few of them and tells how many there are', () => {
    const { container } = render(<Transcript label="Unit" events={events} />);
    const articles = container.querySelectorAll('article');
    expect(articles.length).toBeGreaterThan(3);
    expect(container.querySelectorAll('*').length).toBeLessThan(1500);
    expect(articles[0]?.getAttribute('aria-setsize')).toBe('10000');
    expect(container.querySelector('[role="feed"]')).not.toBeNull();
  });

  it('tells which placeholder was pressed, and where it stands', () => {
    const onPlaceholder = vi.fn();
    const { container } = render(<Transcript label="Unit" events={events.slice(0, 3)} onPlaceholder={onPlaceholder} />);
    container.querySelector<HTMLElement>('[data-placeholder]')?.click();
    expect(onPlaceholder.mock.calls[0]?.[0]).toMatchObject({
      path: '/events/0/parts/0/text',
      start: 10,
      end: 20,
      type: 'PERSON',
      n: 1,
    });
  });

  it('draws a call and its failed result as one, and says so', () => {
    const { container } = render(
      <Transcript
        label="Unit"
        events={[
          { id: 'a', seq: 4, kind: 'tool_call', name: 'refund', blocks: [block('{}')] },
          {
            id: 'b',
            seq: 5,
            kind: 'tool_result',
            resultOf: 'a',
            status: 'error',
            errorType: '403',
            blocks: [block('no')],
          },
          { id: 'c', seq: 6, kind: 'tool_call', name: 'refund', attempt: 2, retryOfSeq: 4, blocks: [block('{}')] },
        ]}
      />,
    );
    const articles = container.querySelectorAll('article');
    expect(articles).toHaveLength(2);
    expect(articles[0]?.textContent).toContain('403');
    expect(articles[1]?.textContent).toContain('try 2, again after 4');
  });
});
