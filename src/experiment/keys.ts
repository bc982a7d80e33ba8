export { type MadeKeys, makeKeys } from '../bridge/key-files';
