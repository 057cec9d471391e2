/** The name detector as one of the rules, so that it reads every view. */
import type { Rule } from '../rules/rule.ts';
import { findNames } from './find-names.ts';

export const nameRule: Rule = {
  detector: 'names@1',
  needs: (traits) => traits.longest >= 2,
  find({ text, key, kind }) {
    if (kind === 'number' || (kind === 'key' && !/[\s,]/.test(text))) return [];
    return findNames(text, kind === 'key' ? '' : key);
  },
};
