// Random tests begin from one seed, so that a run says of the change and not of luck; `npm run fuzz` begins from a new one each time.
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env['CARAVAN_FIRST_SEED'] ?? 20_261_129) });
