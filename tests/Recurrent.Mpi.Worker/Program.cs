using Recurrent.Mpi;
using Recurrent.Mpi.Worker;

// What the tests start with mpirun: a scenario by its name, and its arguments.
return MpiWorld.Run(world => Scenarios.Run(world, args));
