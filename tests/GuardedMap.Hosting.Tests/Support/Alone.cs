// The tests of this project share what a process has once: its environment, its current folder, the assemblies that are loaded.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
