import { describe, expect, it } from 'vitest';
import { linkMentions, type Mention } from './link.ts';
import type { PiiType } from './taxonomy.ts';

const mention = (type: PiiType, value: string, score = 0.8): Mention => ({ type, value, score, count: 1 });
const graphOf = (...mentions: [PiiType, string, number?][]) => linkMentions(mentions.map((m) => mention(...m)));
const sameEntity = (mentions: [PiiType, string][]): boolean => {
  const graph = graphOf(...mentions);
  return new Set(mentions.map(([type, value]) => graph.entityOf(type, value))).size === 1;
};

describe('linking values to entities', () => {
  it.each([
    [['Mara Quist', 'mara  QUIST', 'Quist, Mara', 'Dr Mara Quist', 'Mara Quist’s']],
    [['Mara Quist', 'Mara', 'Quist', 'M. Quist', 'Ms Quist', 'mquist', 'mara.quist']],
    [['Mara Elisa Quist', 'Mara Quist', 'Mara']],
  ])('takes %j for one person', (values) => {
    expect(sameEntity(values.map((value): [PiiType, string] => ['PERSON', value]))).toBe(true);
  });

  it('leaves a first name that two people share to itself, and says so', () => {
    const graph = graphOf(['PERSON', 'Mara Quist'], ['PERSON', 'Mara Holt'], ['PERSON', 'Mara']);
    expect(graph.entities).toHaveLength(3);
    expect(graph.entityOf('PERSON', 'Mara')!.ambiguous).toBe(true);
  });

  it('makes one of a telephone number written in three ways', () => {
    expect(
      sameEntity([
        ['PHONE', '+44 20 7946 0139'],
        ['PHONE', '020 7946 0139'],
        ['PHONE', '442079460139'],
      ]),
    ).toBe(true);
  });

  it('gives one value one type: the higher class, then the surer', () => {
    const graph = graphOf(
      ['RECORD_ID', 'mq-4711', 0.9],
      ['ACCOUNT_ID', 'MQ-4711', 0.6],
      ['PERSON', 'Rose', 0.4],
      ['LOCATION', 'rose', 0.9],
    );
    expect(graph.entityOf('RECORD_ID', 'mq-4711')!.type).toBe('ACCOUNT_ID');
    expect(graph.entityOf('LOCATION', 'Rose')!.type).toBe('PERSON');
  });

  it('attaches mailbox, handle and link to the person they spell, and keeps two mailboxes apart', () => {
    const graph = graphOf(
      ['PERSON', 'Mara Quist'],
      ['EMAIL', 'mquist@tallow.example'],
      ['EMAIL', 'mara.quist@holt.example'],
      ['USERNAME', '@mquist'],
      ['URL', 'https://meet.invalid/mara-quist/30min'],
    );
    const mara = graph.entityOf('PERSON', 'Mara Quist');
    const others = graph.entities.filter((entity) => entity.type !== 'PERSON');
    expect(others).toHaveLength(4);
    expect(others.every((entity) => entity.of === mara)).toBe(true);
  });

  it('tells mailboxes apart by their dots, except where the provider does not', () => {
    const graph = graphOf(
      ['EMAIL', 'mara.quist@tallow.example'],
      ['EMAIL', 'maraquist@tallow.example'],
      ['EMAIL', 'm.quist+shop@gmail.com'],
      ['EMAIL', 'mquist@gmail.com'],
    );
    expect(graph.entities).toHaveLength(3);
  });

  it('does not give a shared mailbox name to either person', () => {
    const graph = graphOf(['PERSON', 'Mara Quist'], ['PERSON', 'Mara Holt'], ['EMAIL', 'mara@tallow.example']);
    expect(graph.entityOf('EMAIL', 'mara@tallow.example')).toMatchObject({ ambiguous: true });
    expect(graph.entityOf('EMAIL', 'mara@tallow.example')!.of).toBeUndefined();
  });
});
