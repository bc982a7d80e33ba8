export { type MadeKeys, makeKeys } from '../bridge/wire/key-files';
