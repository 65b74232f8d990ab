namespace Recurrent.Layers;

/// <summary>A layer that learns something of data before a model is trained: its method Adapt.</summary>
internal interface IAdapted
{
    /// <summary>What the layer still needs, and how it gets it, without a full stop; null where it is ready.</summary>
    string? Missing { get; }
}
