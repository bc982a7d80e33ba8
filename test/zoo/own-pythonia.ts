/** A script that has started pythonia on its own account asks for a session with a factory. Prints the error's name. */
import { Session } from '../../src';

async function main(): Promise<void> {
  const { python } = require('pythonia');
  await Session.start({ model: (ours) => ours('torch.nn') }).catch((error: Error) => console.log(error.name));
  python.exit();
}

void main();
