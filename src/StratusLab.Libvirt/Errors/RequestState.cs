namespace StratusLab.Libvirt;

/// <summary>What is known of a request when its answer did not come: what a caller needs before repeating something that is not idempotent.</summary>
public enum RequestState
{
    /// <summary>Not one byte of the request left this process: it was not carried out, and repeating it is safe.</summary>
    NotSent,

    /// <summary>The whole request was handed to the transport: it may have been carried out.</summary>
    Sent,

    /// <summary>The transport failed while the request was being written: part of it, or all of it, may have left.</summary>
    Unknown,
}
