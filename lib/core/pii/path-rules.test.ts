import { describe, expect, it } from 'vitest';
import { compilePathRules } from './path-rules.ts';

describe('path rules', () => {
  const match = compilePathRules({ mask: ['crm.*.note', 'Badge-No'], keep: ['*.public.email'] });
  it.each([
    ['/events/0/toolCall/arguments/email', 'mask', 'EMAIL'],
    ['/a#json/user_email/0', undefined, undefined],
    ['/tools/0/raw#json/headers/Authorization', 'mask', 'SECRET'],
    ['/meta/user/id', 'mask', 'ACCOUNT_ID'],
    ['/meta/attributes/enduser.id', 'mask', 'USERNAME'],
    ['/crm/7/lead/note', 'mask', 'CONFIDENTIAL'],
    ['/lead/note', undefined, undefined],
    ['/x/badgeNo#2', 'mask', 'CONFIDENTIAL'],
    ['/public/email', 'keep', 'CONFIDENTIAL'],
    ['/a/email#key', undefined, undefined],
  ])('%s: %s', (path, action, type) => {
    expect(match(path)?.action).toBe(action);
    expect(match(path)?.type).toBe(type);
  });
});
