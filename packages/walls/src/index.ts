import { createWalls } from './createWalls';
import { porticoRoutes } from './routes/porticoRoutes';

export * from './audit/auditActs';
export * from './createWalls';
export * from './migrations';
export * from './permissions/RecordedResources';
export * from './routes/Route';
export * from './routes/RouteReport';
export * from './routes/porticoRoutes';
export * from './routes/RouteTable';

export default createWalls(porticoRoutes);
