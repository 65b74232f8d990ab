using Recurrent.Layers;
using Recurrent.Parameters;

namespace Recurrent.Training;

/// <summary>What the engine needs to know of a model.</summary>
internal interface ITrained
{
    /// <summary>Name of the model, for messages.</summary>
    string Name { get; }

    /// <summary>Where every random draw of the model comes from.</summary>
    int Seed { get; }

    /// <summary>The layers.</summary>
    IReadOnlyList<Layer> Layers { get; }

    /// <summary>Whether the parameters exist.</summary>
    bool IsBuilt { get; }

    /// <summary>Whether a layer carries states from batch to batch.</summary>
    bool IsStateful { get; }

    /// <summary>The parameters with their paths below the model.</summary>
    IEnumerable<(string Path, Parameter Parameter)> NamedParameters { get; }

    /// <summary>What runs, of a model that is built.</summary>
    Network Network { get; }

    /// <summary>The batch size that an input declares, or null.</summary>
    int? DeclaredBatchSize { get; }
}
