import { cleanup, render, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { Built } from './built.tsx';
import { GateList } from './gate-list.tsx';

afterEach(cleanup);

describe('the sheet of a release', () => {
  it('says each gate in a word, with value, limit and the way to its rows', () => {
    const gate = { rule: 'No pair is empty', limit: '0' };
    render(
      <GateList
        releaseId="r1"
        gates={[
          { ...gate, gate: 'pairs', state: 'fail', value: '2 faults in 9 pairs', rows: 2 },
          { ...gate, gate: 'dry_run', state: 'not_run', value: 'not run here', rows: 0 },
        ]}
      />,
    );
    const [failed, open] = screen.getAllByRole('listitem');
    expect(within(failed!).getByText('failed')).toBeTruthy();
    expect(within(failed!).getByText('limit 0')).toBeTruthy();
    expect(within(failed!).getByRole('link').getAttribute('href')).toBe('/releases/r1/gates/pairs');
    expect(within(open!).getByText('not run')).toBeTruthy();
    expect(within(open!).queryByRole('link')).toBeNull();
  });

  it('says what was left out, how to load each config and how to verify', () => {
    render(
      <Built
        isSealed={false}
        fetch={() => null}
        built={{
          snapshotHash: 'a'.repeat(64),
          rows: 5,
          evalRows: 1,
          units: 5,
          eligible: 7,
          counts: { byConfig: [{ name: 'sft-chat', splits: { train: 4 } }], level: { L0: 4 } },
          excluded: [{ rule: 'purpose_not_allowed', count: 2 }],
          removed: [],
          limits: [],
          observedTools: 0,
          waivers: [],
          files: [{ path: 'README.md', bytes: 10, rows: null, sha256: 'b'.repeat(64) }],
        }}
      />,
    );
    expect(screen.getByText('purpose not allowed')).toBeTruthy();
    expect(screen.getByText(/load_dataset\("PATH\/TO\/THIS\/FOLDER", "sft-chat"\)/)).toBeTruthy();
    expect(screen.getByText('bin/assay verify-release PATH/TO/THIS/FOLDER')).toBeTruthy();
    expect(screen.getByText('Signed once it is approved')).toBeTruthy();
  });
});
