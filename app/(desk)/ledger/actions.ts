'use server';
import { z } from 'zod';
import { action } from '#lib/http/action.ts';
import { verifyChain } from '#lib/usecases/ledger/verify-chain.ts';

export const check = action('ledger.verify', z.strictObject({}), (actor) => verifyChain(actor));
