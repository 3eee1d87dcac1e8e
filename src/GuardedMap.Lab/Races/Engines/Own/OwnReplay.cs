namespace GuardedMaps.Lab;
