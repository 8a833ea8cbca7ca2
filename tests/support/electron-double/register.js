// `node --import .../register.js dist/electron/main.js` runs the compiled main program on the double.
import { register } from 'node:module';

register('./resolve-electron.js', import.meta.url);
Object.defineProperty(process.versions, 'electron', { value: '45.4.1', enumerable: true });
