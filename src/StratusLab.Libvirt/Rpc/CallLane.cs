namespace StratusLab.Libvirt.Rpc;

/// <summary>
/// Which of the two limits on calls in flight a call counts against. A libvirt server stops reading a client's socket while
/// <c>max_client_requests</c> (5 by default) of its requests are unanswered, keepalive messages included, and then ends the
/// connection because the client seems dead.
/// </summary>
internal enum CallLane
{
    /// <summary>Answered from the server's memory within milliseconds: may be pipelined deeply, since each soon frees its place.</summary>
    Query,

    /// <summary>May wait for a guest, a disk or a job: at most one fewer than the server's limit, so that it goes on reading.</summary>
    Command,
}
