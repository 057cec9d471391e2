import { describe, expect, it } from 'vitest';
import { addTallies, tallyPlaywright, tallyVitest } from './tally.ts';

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((test) => ({ status: test })),
});

describe('the last line of npm test', () => {
  it('adds up what passed and what failed', () => {
    const vitest = tallyVitest(
      { numPassedTests: 3, numFailedTests: 1, success: false, testResults: [file('failed', 'passed', 'failed')] },
      1,
    );
    const playwright = tallyPlaywright({ stats: { expected: 5, unexpected: 1, flaky: 0 }, errors: [] }, 1);
    expect(addTallies([vitest, playwright, { passed: 1, failed: 0 }])).toEqual({ passed: 9, failed: 2 });
  });

  it('counts a file that could not be loaded', () => {
    const report = {
      numPassedTests: 2,
      numFailedTests: 0,
      success: false,
      testResults: [file('passed', 'passed'), file('failed')],
    };
    expect(tallyVitest(report, 1)).toEqual({ passed: 2, failed: 1 });
  });

  it('counts a run that failed without a failed test, and one that left no report', () => {
    const report = { numPassedTests: 2, numFailedTests: 0, success: false, testResults: [] };
    expect(tallyVitest(report, 1)).toEqual({ passed: 2, failed: 1 });
    expect(tallyVitest(undefined, 0)).toEqual({ passed: 0, failed: 1 });
    expect(tallyPlaywright(undefined, 0)).toEqual({ passed: 0, failed: 1 });
  });

  it('counts a test that passed only at the second try as failed', () => {
    expect(tallyPlaywright({ stats: { expected: 4, unexpected: 0, flaky: 1 }, errors: [] }, 0)).toEqual({
      passed: 4,
      failed: 1,
    });
  });
});
