'use server';
import { action } from '#lib/http/action.ts';
import { makeToken, NewToken, revokeToken, TokenId } from '#lib/usecases/people/tokens.ts';

export const make = action('me.token', NewToken, makeToken);
export const revoke = action('me.token.revoke', TokenId, revokeToken);
