class SessionStore {
    [hashtable] $Sessions = @{}
    [void] Sweep() {
        foreach ($id in $this.Sessions.Keys) {
            if ($this.Sessions[$id].Expired) { $this.Sessions.Remove($id) } #! GM1001
        }
    }
    [void] SweepSafely() {
        foreach ($id in @($this.Sessions.Keys)) { $this.Sessions.Remove($id) }
    }
}
