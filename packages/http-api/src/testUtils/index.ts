export { fieldsOf } from './fieldsOf';
export { OpenApiDocument } from './OpenApiDocument';
export { routesOf } from './routesOf';
