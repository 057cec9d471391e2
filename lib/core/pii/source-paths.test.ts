import { describe, expect, it } from 'vitest';
import { compilePathRules } from './source-paths.ts';

describe("a source's rules about places", () => {
  const match = compilePathRules({
    mask: ['crm.*.note', 'Badge-No', '*.email', 'headers.authorization', 'user.id', 'enduser.*'],
    keep: ['status.email'],
  });
  it.each([
    ['/events/0/toolCall/arguments/email', 'mask', 'EMAIL'],
    ['/a#json/user_email/0', undefined, undefined],
    ['/tools/0/raw#json/headers/Authorization', 'mask', 'SECRET'],
    ['/meta/user/id', 'mask', 'ACCOUNT_ID'],
    ['/meta/attributes/enduser.id', 'mask', 'CONFIDENTIAL'],
    ['/crm/7/lead/note', 'mask', 'CONFIDENTIAL'],
    ['/lead/note', undefined, undefined],
    ['/x/badgeNo#2', 'mask', 'CONFIDENTIAL'],
    ['/status/email', 'mask', 'EMAIL'],
    ['/a/email#key', undefined, undefined],
  ])('%s: %s', (path, action, type) => {
    expect(match(path)?.action).toBe(action);
    expect(match(path)?.type).toBe(type);
  });

  it('keeps what only a keep names', () => {
    expect(compilePathRules({ mask: [], keep: ['public.*'] })('/public/contact')?.action).toBe('keep');
  });
});
