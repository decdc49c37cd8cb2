namespace StratusLab.Core;

/// <summary>A host that has images which StratusLab did not bring there, and launches from them (<see cref="ImageDescriptor.HostImages"/>).</summary>
public interface INativeImageHost
{
    /// <summary>The place that such an image belongs to: all hosts that name the same place have the same images, under the same identities.</summary>
    string ImagePlace { get; }

    /// <summary>The newest image that can be launched and matches; null if there is none.</summary>
    /// <exception cref="StratusException">The host could not be asked.</exception>
    Task<NativeImage?> FindNativeImageAsync(NativeImageQuery query, CancellationToken cancellationToken = default);
}
